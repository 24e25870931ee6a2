import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runNpm } from './run.mjs';
import { say, Stop } from './say.mjs';

/** Installs the dependencies if they are missing or not those of package-lock.json. */
export async function install() {
  if (isInstalled()) return;
  say('Installing dependencies (npm ci) …');
  const { code } = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new Stop('The dependencies could not be installed: npm says why above.');
}

/**
 * npm writes node_modules/.package-lock.json at the end of an installation, so that one which broke off has none.
 * Packages for other platforms are not there; every other one must be, in its version, with its folder.
 */
export function isInstalled(root = ROOT) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules/.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = present[path];
    if (!found) return entry.optional === true;
    if (entry.link) return found.link === true && existsSync(join(root, path));
    const isSame = found.version === entry.version && found.integrity === entry.integrity;
    return isSame && existsSync(join(root, path, 'package.json'));
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runNpm, say, Stop } from './run.mjs';

const LEAST_NODE = [20, 19];

/**
 * Installs the dependencies if they are missing or not those of package-lock.json: all of them, or only those of the
 * root and one `workspace`, which are half as many.
 */
export async function install(workspace) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    throw new Stop(
      `Runboard needs Node.js ${LEAST_NODE.join('.')} or newer, not ${process.version}: https://nodejs.org`,
    );
  }
  if (isInstalled({ workspace })) return;
  say('Installing dependencies (npm ci) …');
  const part = workspace ? ['--workspace', workspace, '--include-workspace-root'] : [];
  const { code } = await runNpm(['ci', ...part, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new Stop('The dependencies could not be installed: npm says why above.');
}

/**
 * npm writes node_modules/.package-lock.json at the end of an installation, so that one which broke off has none. What is
 * there must be as package-lock.json says, in its folder. Packages for other platforms may be missing; with `workspace`
 * also those that neither it nor the root names: what these need came with them.
 */
export function isInstalled({ root = ROOT, workspace } = {}) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules/.package-lock.json'));
  if (!wanted || !present) return false;
  const named = workspace && namedBy(wanted, ['', workspace]);
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const found = present[path];
    if (!found) return entry.optional === true || (named !== undefined && !named.has(path));
    if (entry.link) return found.link === true && existsSync(join(root, path));
    const isSame = found.version === entry.version && found.integrity === entry.integrity;
    return isSame && existsSync(join(root, path, 'package.json'));
  });
}

/** Where in node_modules the packages lie that these folders name as their dependencies. */
function namedBy(packages, folders) {
  const paths = folders.flatMap((folder) =>
    Object.keys({ ...packages[folder].dependencies, ...packages[folder].devDependencies }).map((name) => {
      const own = `${folder}/node_modules/${name}`;
      return own in packages ? own : `node_modules/${name}`;
    }),
  );
  return new Set(paths);
}

function packagesOf(file) {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')).packages ?? null) : null;
}

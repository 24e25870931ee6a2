import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const MODULE = new URL('../../../scripts/lib/install.mjs', import.meta.url).href;

const at = (version: string) => ({ version, integrity: `sha512-${version}` });
/** Of a root with the workspaces a and b: b alone needs `webpack`, and a has a `pg` of its own. */
const LOCK = {
  '': { devDependencies: { typescript: '5' } },
  a: { dependencies: { pg: '8' }, devDependencies: { jest: '30' } },
  b: { devDependencies: { webpack: '5', jest: '30' } },
  'node_modules/a': { resolved: 'a', link: true },
  'a/node_modules/pg': at('8.1.0'),
  'node_modules/jest': at('30.0.0'),
  'node_modules/jest-cli': at('30.0.0'),
  'node_modules/fsevents': { ...at('2.0.0'), optional: true },
  'node_modules/typescript': at('5.9.0'),
  'node_modules/webpack': at('5.1.0'),
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runboard-install-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Whether all is installed, and whether what the workspace a needs is, once npm has installed these. */
async function installed(present: object, without: readonly string[] = []): Promise<readonly [boolean, boolean]> {
  const write = (file: string, content: object) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), JSON.stringify(content));
  };
  write('package-lock.json', { packages: LOCK });
  write('node_modules/.package-lock.json', { packages: present });
  const folders = Object.keys(present).filter((path) => path.includes('node_modules/') && !without.includes(path));
  for (const path of folders) write(join(path, 'package.json'), {});
  const { isInstalled } = (await import(MODULE)) as { isInstalled: (of: object) => boolean };
  return [isInstalled({ root }), isInstalled({ root, workspace: 'a' })];
}

const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(LOCK).filter(([path]) => path.includes('node_modules/') && !names.includes(path)));

describe('dependencies are installed', () => {
  it('if everything is there but packages of other platforms', async () => {
    expect(await installed(without('node_modules/fsevents'))).toEqual([true, true]);
  });

  it('for a workspace, if what another one needs is missing', async () => {
    expect(await installed(without('node_modules/webpack'))).toEqual([false, true]);
  });

  it.each(['node_modules/jest', 'node_modules/typescript', 'a/node_modules/pg'])('not without %s', async (name) => {
    expect(await installed(without(name))).toEqual([false, false]);
  });

  it('not if one is of another version, or its folder is gone', async () => {
    const other = { ...without(), 'node_modules/jest-cli': at('29.0.0') };
    expect(await installed(other)).toEqual([false, false]);
    rmSync(root, { recursive: true });
    expect(await installed(without(), ['node_modules/jest-cli'])).toEqual([false, false]);
  });
});

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const BIN = fileURLToPath(new URL('../../bin/runboard.js', import.meta.url));

describe('bin/runboard.js', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'runboard-bin-'));
    write('package.json', '{"type":"module"}');
    write('metrics-service/dist/cli/main.js', 'console.log("dist", ...process.argv.slice(2))');
    cpSync(BIN, join(root, 'metrics-service/bin/runboard.js'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const run = (): string =>
    spawnSync(process.execPath, [join(root, 'metrics-service/bin/runboard.js'), 'query', 'runs'], { encoding: 'utf8' })
      .stdout;

  it('goes through the check for a stale build in a checkout', () => {
    write('scripts/runboard.mjs', 'console.log("checked", ...process.argv.slice(2))');
    write('node_modules/typescript/package.json', '{}');
    expect(run()).toBe('checked query runs\n');
  });

  it('takes dist where nothing can be built', () => {
    expect(run()).toBe('dist query runs\n');
    write('scripts/runboard.mjs', 'console.log("checked")');
    expect(run()).toBe('dist query runs\n');
  });
});

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { StartLog } from '../../src/db/embedded/start-log.js';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-log-'));
  file = join(folder, 'postgres.log');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A line as PostgreSQL writes it with that `log_line_prefix`. */
const write = (prefix: string, said: string): void =>
  appendFileSync(file, `${prefix.replace('%m', '2026-01-31 09:00:00.123 UTC').replace('%p', '4711')}${said}\n`);

it('tells why a server ended by its own lines, whatever those of the one before still write', async () => {
  writeFileSync(file, '');
  const before = await StartLog.begin(file);
  write(before.linePrefix, 'FATAL:  terminating connection due to administrator command');
  const now = await StartLog.begin(file);
  write(now.linePrefix, 'LOG:  starting PostgreSQL 18');
  write(now.linePrefix, 'FATAL:  lock file "postmaster.pid" already exists');
  write(before.linePrefix, 'FATAL:  terminating connection due to unexpected postmaster exit');
  write('%m [%p] ', 'FATAL:  terminating connection of a server of an older version');
  expect(await now.complaint()).toBe('lock file "postmaster.pid" already exists');
  expect(await now.lines()).toHaveLength(2);
});

it('takes for its own what a program says that cannot even be loaded', async () => {
  const now = await StartLog.begin(file);
  write('', 'postgres: error while loading shared libraries: libpq.so.5');
  expect(await now.complaint()).toContain('libpq.so.5');
});

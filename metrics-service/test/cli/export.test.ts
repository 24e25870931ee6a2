import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NOW, startWorld, WINDOW, type World } from '../query/world.js';
import { inProcess } from '../support/in-process.js';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
  folder = await mkdtemp(join(tmpdir(), 'export-'));
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

const command = inProcess(NOW, () => world.url);
const runboard = (...args: string[]) => command('export', ...args);

const WEEK = ['--from', '2026-03-02', '--to', '2026-03-09'];

describe('runboard export', () => {
  it('writes what the route writes, from the database and from a service', async () => {
    const query = `from=${WINDOW.from}&to=${WINDOW.to}&direction=asc&var-repo=web`;
    const { body } = await world.request(`/v1/export/runs.csv?${query}`);
    expect(body.split('\r\n')).toHaveLength(4);
    const flags = [...WEEK, '--asc', '--filter', 'repo=web'];
    expect(await runboard('runs', ...flags)).toMatchObject({ code: 0, err: '', out: body });
    const there = ['--url', world.address, '--token', world.token];
    expect(await runboard('runs', ...flags, ...there)).toMatchObject({ code: 0, err: '', out: body });
  });

  it('writes a table into a file', async () => {
    const file = join(folder, 'table.csv');
    const metrics = ['runs', 'total_cost', '--by', 'team', '--filter', 'team!=(none)'];
    for (const there of [[], ['--url', world.address, '--token', world.token]]) {
      const { out, code } = await runboard('table', ...metrics, ...WEEK, '--output', file, ...there);
      expect([out, code]).toEqual(['', 0]);
      expect(await readFile(file, 'utf8')).toBe('Team,Runs,Total cost\r\ncore,3,0.75\r\napps,2,1\r\n');
    }
  });

  it('says what is wrong', async () => {
    const there = ['--url', world.address, '--token', world.token];
    const cases: [string[], number, string][] = [
      [['pie'], 2, '"pie" cannot be exported: choose one of table, sessions, runs, tool_calls, files, findings'],
      [['runs', '--order-by', 'beauty'], 2, 'unknown orderBy "beauty"'],
      [['runs', '--order-by', 'beauty', ...there], 2, 'unknown orderBy "beauty"'],
      [['runs', ...there.slice(0, 2), '--token', 'rb_wrong'], 1, 'answers 401'],
      [['table', ...WEEK], 2, 'metrics: name at least one'],
      [['runs', ...WEEK, '--output', join(folder, 'no', 'where.csv')], 1, 'cannot write '],
    ];
    for (const [args, code, says] of cases) {
      const answer = await runboard(...args);
      expect([answer.code, answer.err + answer.message]).toEqual([code, expect.stringContaining(says)]);
    }
  });
});

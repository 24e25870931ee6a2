import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rowsOf, startWorld, type World } from '../query/world.js';
import { inProcess } from '../support/in-process.js';
import { manyRuns } from '../support/run-events.js';

const NOW = Date.parse('2026-11-05T00:00:00Z');
/** Three runs of a session that failed alike, at 50 cents. */
const EVENTS = manyRuns(3, {
  id: 'r',
  at: '2026-11-04T10:00:00Z',
  session: 's1',
  user: 'ann',
  status: 'FAILED',
  error: 'no disk\u001b[31m space left',
  costUsd: 0.5,
});
const WEEK = ['--from', '2026-11-02', '--to', '2026-11-09'];
const range = { from: Date.parse('2026-11-02T00:00:00Z'), to: Date.parse('2026-11-09T00:00:00Z') };
const LOOP = '3 runs in a row of session s1 failed alike: no disk space left';

let world: World;
beforeAll(async () => {
  world = await startWorld(EVENTS, NOW);
});
afterAll(() => world.stop());

const runboard = inProcess(NOW, () => world.url);

it('prints the headline and what there is to look at, from the database and from a service', async () => {
  for (const there of [[], ['--url', world.address, '--token', world.token]]) {
    const { out, err, code } = await runboard('findings', ...WEEK, ...there);
    const lines = out.split('\n');
    expect([code, err, lines[1]]).toEqual([0, '', '3 runs in this range: too few to say more.']);
    expect(lines.slice(3, 5).map((line) => line.trimEnd().split(/ {2,}/))).toEqual([
      ['Kind', 'Since', 'Runs', 'At stake', 'What'],
      ['Retry loop', '2026-11-04 10:00', '3', '$1.50', LOOP],
    ]);
  }
});

it('prints exact numbers as JSON', async () => {
  const { out } = await runboard('findings', ...WEEK, '--json');
  expect(JSON.parse(out)).toMatchObject({
    view: 'findings',
    headline: ['3 runs in this range: too few to say more.'],
    rows: [{ kind: 'Retry loop', since: '2026-11-04T10:00:00.000Z', runs: 3, money: 1.5, what: LOOP }],
  });
});

it('says that nothing stands out', async () => {
  const { out, err } = await runboard('findings', ...WEEK, '--filter', 'user=ann', '--filter', 'session!=s1');
  expect(out).toContain('\nNo run in this range passes the filters');
  expect(err).toMatch(/^\nnote: no run in this range passes the filters/);
  const one = await runboard('findings', '--from', '2026-11-04T10:01', '--to', '2026-11-05');
  expect(one.err).toBe('\nnote: Nothing stands out\n');
});

it('is a file, and marks in other panels, where they are asked for', async () => {
  const { out } = await runboard('export', 'findings', ...WEEK);
  const since = '2026-11-04T10:00:00Z';
  expect(out).toBe(`Kind,What,Since,Runs,At stake,Show it\r\nRetry loop,${LOOP},2026-11-04T10:00:00+00:00,3,1.5,\r\n`);
  expect((await runboard('export', 'findings', ...WEEK, '--url', world.address, '--token', world.token)).out).toBe(out);

  const kinds = async (given: object) =>
    rowsOf(await world.ask({ view: 'annotations', ...given }, range)).map(({ id }) => id);
  expect(await kinds({ kinds: ['finding', 'failed_run'], direction: 'asc' })).toEqual([
    'failed_run:r-1',
    'finding:retry_loop:1',
    'failed_run:r-2',
    'failed_run:r-3',
  ]);
  expect(await kinds({})).toEqual(['failed_run:r-3', 'failed_run:r-2', 'failed_run:r-1']);
  const [mark] = rowsOf(await world.ask({ view: 'annotations', kinds: 'finding' }, range));
  expect(mark).toMatchObject({ time: Date.parse(since), title: 'Retry loop', text: LOOP, tags: 'finding,Retry loop' });
});

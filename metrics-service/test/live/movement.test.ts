import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { headersOf, type TestViewer } from '../access/viewers.js';
import { testService, type TestService } from '../support/service.js';

const NOON = Date.parse('2026-05-10T12:00:00Z');
const at = (minutesAgo: number): string => new Date(NOON - minutesAgo * 60_000).toISOString();

let now = NOON;
let events = 0;
const event = (type: string, data: object): object => {
  events += 1;
  return { specversion: '1.0', source: 'platform', id: `e${events}`, type, data };
};
const started = (runId: string, sessionId: string, minutesAgo: number): object =>
  event('run.started', { runId, sessionId, startedAt: at(minutesAgo), userId: 'u-ann' });
const run = (runId: string, sessionId: string, endedAgo: number): object[] => [
  started(runId, sessionId, endedAgo + 5),
  event('run.completed', { runId, completedAt: at(endedAgo), status: 'SUCCEEDED' }),
];
const message = (sessionId: string, minutesAgo: number): object =>
  event('message.created', { messageId: `m-${sessionId}`, sessionId, role: 'user', sentAt: at(minutesAgo) });
const handoff = (sessionId: string, minutesAgo: number): object =>
  event('handoff.created', { handoffId: `h-${sessionId}`, sessionId, method: 'TELEPORT', occurredAt: at(minutesAgo) });
const begun = (sessionId: string, minutesAgo: number): object =>
  event('session.created', { sessionId, createdAt: at(minutesAgo), createdByUserId: 'u-ann' });
const person = (name: string): object => ({
  ...event('user.upserted', { userId: `u-${name}`, email: `${name}@example.org` }),
  time: at(9000),
});

const SENT = [
  ...[person('ann'), person('bob')],
  ...[started('r-open', 'open', 300), ...run('r-before', 'open', 200)],
  ...[started('r-kept', 'kept', 24 * 60), started('r-lost', 'lost', 24 * 60 + 1)],
  ...[...run('r-just', 'just', 10), ...run('r-past', 'past', 11)],
  ...[message('told', 10), message('was told', 11)],
  ...[handoff('handed', 10), handoff('was handed', 11)],
  ...[begun('begun', 10), begun('was begun', 11)],
];

let service: TestService;
let token: string;
beforeAll(async () => {
  service = await testService({ clock: () => now });
  const scopes = ['ingest', 'directory', 'read', 'delegate'] as const;
  token = await service.organization('moves', { memberVisibility: 'self' }, [...scopes]);
  await service.accept(token, SENT);
});
afterAll(() => service.stop());

/** Whether each of these questions is answered as one that moves. */
async function moving(queries: readonly object[], viewer?: TestViewer): Promise<boolean[]> {
  const asked = queries.map((query, index) => ({ refId: `q${index}`, live: true, ...query }));
  const body = { from: NOON - 3 * 86_400_000, to: NOON, queries: asked };
  const headers = viewer ? headersOf(viewer) : {};
  const { body: answered } = await service.request('/v1/query', { token, body, headers });
  return asked.map(({ refId }) => {
    const { status, frames, error } = answered.results[refId];
    if (status !== 200) throw new Error(error);
    return frames[0].schema.meta.custom.live === true;
  });
}

const SESSIONS = [
  'open',
  'kept',
  'lost',
  'just',
  'past',
  'told',
  'was told',
  'handed',
  'was handed',
  'begun',
  'was begun',
];
const RUNS = ['r-open', 'r-before', 'r-kept', 'r-lost', 'r-just', 'r-past', 'unknown', ''];

async function movingOf(dimension: string, values: readonly string[], query: object, viewer?: TestViewer) {
  const queries = values.map((value) => ({ ...query, filters: { [dimension]: [value, ''] } }));
  const found = await moving(queries, viewer);
  return values.filter((_, index) => found[index]);
}

it.each([
  { view: 'runs' },
  { view: 'files' },
  { view: 'total', metrics: ['runs'] },
  { view: 'table', metrics: ['total_cost'], groupBy: ['call_model'] },
])('a session moves while it has an open run, or something happened in it ten minutes ago: %j', async (query) => {
  const expected = ['open', 'kept', 'just', 'told', 'handed', 'begun'];
  expect(await movingOf('session', [...SESSIONS, 'unknown', ''], query)).toEqual(expected);
});

it('a run moves while it is open, and for ten minutes after its end, whatever else its session does', async () => {
  expect(await movingOf('run', RUNS, { view: 'runs' })).toEqual(['r-open', 'r-kept', 'r-just']);
});

it.each(['session', 'activity', 'timeline'])('the view %s is of the one session', async (view) => {
  const chosen = (session: string[]) => ({ view, filters: { session } });
  const asked = [chosen(['open']), chosen(['past']), chosen(['unknown']), chosen([]), { view }];
  expect(await moving(asked)).toEqual([true, false, false, false, false]);
});

it('one of several is enough; both filters apply; what is left out is not chosen', async () => {
  const asked = [
    { session: ['past', 'open'] },
    { session: ['past', 'lost'] },
    { session: ['open'], run: ['r-before'] },
    { session: ['past'], run: ['r-open'] },
    { session: { not: ['open'] } },
    {},
  ];
  expect(await moving(asked.map((filters) => ({ view: 'runs', filters })))).toEqual([
    ...[true, false, false, false],
    ...[true, true],
  ]);
});

it('what is as of now is so whatever is chosen, and what does not ask for it never is', async () => {
  const filters = { session: ['past'] };
  const asked = [
    { view: 'live', filters },
    { view: 'total', metrics: ['in_flight_runs_now'], filters },
    { view: 'budgets', live: false },
    { view: 'runs', filters: { session: ['open'] }, live: false },
  ];
  expect(await moving(asked)).toEqual([true, true, true, false]);
});

it('what somebody may not see does not move', async () => {
  const viewer = (name: string): TestViewer => ({
    ...{ kind: 'user', email: `${name}@example.org`, role: 'Viewer', auth: 'oauth_google' },
  });
  const query = { view: 'runs' };
  expect(await movingOf('session', SESSIONS, query, viewer('ann'))).toEqual(['open', 'kept', 'just', 'begun']);
  expect(await movingOf('run', RUNS, query, viewer('ann'))).toEqual(['r-open', 'r-kept', 'r-just']);
  expect(await movingOf('session', SESSIONS, query, viewer('bob'))).toEqual([]);
  expect(await movingOf('run', RUNS, query, viewer('bob'))).toEqual([]);
});

it('time goes on: told with the next data, whosever they are; a session that goes on moves again', async () => {
  const query = { view: 'runs' };
  now = NOON + 60_000;
  try {
    await service.accept(token, [started('r-new', 'past', 0)]);
    expect(await movingOf('session', SESSIONS, query)).toEqual(['open', 'past']);
  } finally {
    now = NOON;
  }
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tenantTables } from '../../src/db/tenant-tables.js';
import { inProcess } from '../support/in-process.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const NOW = Date.parse('2026-06-30T00:00:00Z');
const FROM = Date.parse('2026-06-01T00:00:00Z');
const ANN = 'ann@example.com';
/** All that tells of Ann; her own events' ids are among it. */
const SECRETS = /ann@example|Ann Example|her prompt|its answer|her title|ann\/fix|her error|her note|ann-laptop/i;

let service: TestService;
const tokens: Record<string, string> = {};
const runboard = inProcess(NOW, () => service.url);

const event = (id: string, type: string, time: string, data: object, more: object = {}) => ({
  ...{ specversion: '1.0', id, source: 'agents', type, time: `2026-06-${time}Z`, data },
  ...more,
});
const at = (time: string): string => `2026-06-${time}Z`;

/** Two runs of Ann (team core), one of Bob (team core) in her session: 3 runs, 2 of 3 succeeded, 3.5 US dollars. */
const EVENTS = [
  event(`user/${ANN}`, 'user.upserted', '01T00:00:00', { userId: ANN, name: 'Ann Example', email: ANN, team: 'core' }),
  event('user/bob', 'user.upserted', '01T00:00:00', { userId: 'bob', name: 'Bob', team: 'core' }),
  event(
    's1',
    'session.created',
    '10T09:00:00',
    {
      sessionId: 's1',
      createdByUserId: ANN,
      createdAt: at('10T09:00:00'),
      repo: 'web',
      title: 'her title',
      branch: 'ann/fix',
    },
    { source: '//ann-laptop', subject: 'her note' },
  ),
  event('m1', 'message.created', '10T09:00:00', {
    ...{ messageId: 'm1', sessionId: 's1', role: 'user', sentAt: at('10T09:00:00'), userId: ANN, text: 'her prompt' },
    draft: 'her note',
  }),
  event('m2', 'message.created', '10T09:01:00', {
    ...{ messageId: 'm2', sessionId: 's1', role: 'agent', sentAt: at('10T09:01:00'), text: 'its answer' },
  }),
  event('m3', 'message.created', '10T10:00:00', {
    ...{
      messageId: 'm3',
      sessionId: 's1',
      role: 'user',
      sentAt: at('10T10:00:00'),
      userId: 'bob',
      text: 'words of Bob',
    },
  }),
  event('r1', 'run.started', '10T09:00:00', { runId: 'r1', sessionId: 's1', startedAt: at('10T09:00:00') }),
  event('r1-', 'run.completed', '10T09:10:00', {
    ...{ runId: 'r1', completedAt: at('10T09:10:00'), status: 'SUCCEEDED', costUsd: '1' },
  }),
  event('r2', 'run.started', '10T09:20:00', {
    runId: 'r2',
    sessionId: 's1',
    startedAt: at('10T09:20:00'),
    userId: ANN,
  }),
  event('r2-', 'run.completed', '10T09:30:00', {
    ...{ runId: 'r2', completedAt: at('10T09:30:00'), status: 'FAILED', costUsd: '2', errorSummary: 'her error' },
  }),
  event('r3', 'run.started', '10T10:00:00', {
    runId: 'r3',
    sessionId: 's1',
    startedAt: at('10T10:00:00'),
    userId: 'bob',
  }),
  event('r3-', 'run.completed', '10T10:10:00', {
    ...{
      runId: 'r3',
      completedAt: at('10T10:10:00'),
      status: 'SUCCEEDED',
      costUsd: '0.5',
      errorSummary: 'words of Bob',
    },
  }),
  event('h1', 'handoff.created', '10T09:40:00', {
    ...{ handoffId: 'h1', sessionId: 's1', occurredAt: at('10T09:40:00'), method: 'TELEPORT', userId: ANN },
  }),
];

beforeAll(async () => {
  service = await testService();
  for (const org of ['vienna', 'graz']) {
    tokens[org] = await service.organization(org, { storeText: true });
    expect(await send(org, EVENTS)).toMatchObject({ accepted: EVENTS.length, rejected: [] });
    await send(org, [
      { ...EVENTS[3], id: 'bad', data: { text: 'her prompt', userId: ANN } },
      { text: 'to Ann Example' },
    ]);
    await send(org, [{ ...EVENTS[3], id: 'other', data: { text: 'words of Bob', userId: 'bob' } }]);
  }
});
afterAll(() => service.stop());

const send = async (org: string, events: object[]) =>
  (await service.request('/v1/events', { token: tokens[org]!, body: events })).body;

/** Everything that the database holds of an organization. */
const everything = (org: string): Promise<string> =>
  service.database.inOrganization(org, async (tx) => {
    const texts = [];
    for (const table of await tenantTables(tx)) {
      texts.push(...(await tx.query<{ text: string }>(`select t::text as text from ${table} t`)).rows);
    }
    return texts.map(({ text }) => text).join('\n');
  });

/** Rows of a table as plain objects, sorted by their numbers. */
async function table(org: string, groupBy: string[]): Promise<unknown[]> {
  const metrics = ['runs', 'run_success_rate', 'total_cost', 'active_sessions'];
  const query = { refId: 'A', view: 'table', metrics, groupBy };
  const body = { from: FROM, to: NOW, timezone: 'UTC', queries: [query] };
  const answer = await service.request('/v1/query', { token: tokens[org]!, body });
  const { schema, data } = answer.body.results.A.frames[0];
  const names: string[] = schema.fields.map(({ name }: { name: string }) => name);
  return data.values[0].map((_value: unknown, row: number) =>
    Object.fromEntries(names.map((name, column) => [name, data.values[column][row]])),
  );
}

describe('runboard user erase', () => {
  it('asks first: without a person to ask it wants --yes', async () => {
    expect(await runboard('user', 'erase', ANN, '--org', 'vienna')).toMatchObject({
      code: 1,
      out: '',
      message: `erasing ${ANN} in vienna cannot be undone, and there is no terminal to ask on: add --yes to confirm`,
    });
    expect(await everything('vienna')).toMatch(SECRETS);
  });

  it('leaves no word of the person, and every number', async () => {
    const numbers = { runs: 2, run_success_rate: 0.5, total_cost: 3, active_sessions: 1 };
    const bob = { user: 'Bob', user_id: 'bob', runs: 1, run_success_rate: 1, total_cost: 0.5, active_sessions: null };
    const core = { team: 'core', runs: 3, run_success_rate: 2 / 3, total_cost: 3.5, active_sessions: 1 };
    expect(await table('vienna', ['user'])).toEqual(
      expect.arrayContaining([
        { user: 'Ann Example', user_id: ANN, ...numbers },
        expect.objectContaining({ user: 'Bob' }),
      ]),
    );
    const { out, message } = await runboard('user', 'erase', ANN, '--org', 'vienna', '--yes', '--json');
    expect(message).toBe('');
    const { user, ...said } = JSON.parse(out);
    expect(user).toMatch(/^erased-[0-9a-f]{12}$/);
    expect(said).toEqual({
      org: 'vienna',
      // user, session, 2 messages, 2 events of each run, handoff
      changed: expect.objectContaining({ sessions: 1, runs: 2, messages: 2, handoffs: 1, events: 9, deadLetters: 2 }),
      mentions: {},
    });
    const left = await everything('vienna');
    expect(left).not.toMatch(SECRETS);
    expect(left.match(/words of Bob/g)).toHaveLength(5);
    const rows = await table('vienna', ['user']);
    expect(rows).toContainEqual({ user, user_id: user, ...numbers });
    expect(rows.find((row) => (row as { user_id: string }).user_id === 'bob')).toMatchObject({
      ...bob,
      active_sessions: expect.anything(),
    });
    expect(await table('vienna', ['team'])).toEqual([core]);
    expect(await everything('graz')).toMatch(SECRETS);
  });

  it('has the planner’s statistics made anew, which quote names', async () => {
    const { rows } = await service.database.query<{ relname: string }>(`
      select relname from pg_stat_user_tables
      where relname in ('events', 'users', 'sessions', 'runs')
        and last_analyze is null`);
    expect(rows).toEqual([]);
  });

  it('holds after a rebuild, and when the original events are sent again, also after a prune', async () => {
    const before = await tablesOf(service.database, 'vienna');
    await runboard('rebuild', '--org', 'vienna');
    expect(await tablesOf(service.database, 'vienna')).toEqual(before);
    expect(await send('vienna', EVENTS)).toEqual({ accepted: 0, duplicates: EVENTS.length, rejected: [] });
    // even one that says something else under a name that was erased
    expect(await send('vienna', [{ ...EVENTS[0], data: { userId: ANN, name: 'Ann Example' } }])).toMatchObject({
      duplicates: 1,
      rejected: [],
    });
    expect(await tablesOf(service.database, 'vienna')).toEqual(before);
    await runboard('prune', '--older-than', '2026-06-20', '--org', 'vienna', '--yes');
    await send('vienna', EVENTS);
    expect(await everything('vienna')).not.toMatch(SECRETS);
  });

  it('makes the user anew from a new event that names them', async () => {
    await send('vienna', [{ ...EVENTS[0], id: 'again' }]);
    expect(await everything('vienna')).toMatch(/Ann Example/);
  });

  it('keeps an id that says nothing of the person, where one says so', async () => {
    const { out } = await runboard('user', 'erase', 'bob', '--org', 'graz', '--keep-id', '--yes');
    expect(out.split('\n')[0]).toBe('erased; the user is now bob');
    expect(out).toContain('checked: no id, name or e-mail of the user is left in any table');
    expect(await everything('graz')).not.toMatch(/words of Bob/);
    expect(await table('graz', ['user'])).toContainEqual(
      expect.objectContaining({ user: 'bob', runs: 1, total_cost: 0.5 }),
    );
  });

  it('says where the id still stands in what is not the person’s', async () => {
    await send('graz', [
      event('s9', 'session.created', '11T09:00:00', {
        sessionId: 's9',
        createdAt: at('11T09:00:00'),
        workspace: `/home/${ANN}`,
      }),
    ]);
    const { out } = await runboard('user', 'erase', ANN, '--org', 'graz', '--yes', '--json');
    expect(JSON.parse(out).mentions).toEqual({ events: 1, sessions: 1 });
  });

  it('deletes the rejected events of somebody whom no other event names, and no one else’s', async () => {
    await send('graz', [{ user: 'al', n: 1 }, { text: 'call Al' }, { id: 'al-1', user: 'ally' }]);
    const { out } = await runboard('user', 'erase', 'al', '--org', 'graz', '--yes', '--json');
    expect(JSON.parse(out).changed).toMatchObject({ events: 0, deadLetters: 1 });
    expect(await everything('graz')).toMatch(/call Al/);
  });

  it('knows no user that nothing names, and says whose an e-mail is', async () => {
    const upserted = { userId: 'u-17', email: 'Eve@example.com' };
    await send('graz', [event('u-17', 'user.upserted', '01T00:00:00', upserted)]);
    expect(await runboard('user', 'erase', 'eve@example.com', '--org', 'graz', '--yes')).toMatchObject({
      code: 1,
      message: 'graz has no user "eve@example.com"; that is the e-mail of "u-17"',
    });
    expect(await runboard('user', 'erase', 'nobody', '--org', 'graz', '--yes')).toMatchObject({
      code: 1,
      message: 'graz has no user "nobody"',
    });
  });
});

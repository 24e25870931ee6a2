import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createOrganization } from '../../src/access/organizations.js';
import { createToken } from '../../src/access/tokens.js';
import { serve, type Serving } from '../support/command.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { nextVersion, type NextVersion } from '../support/next-version.js';

/** A field whose number is far from its neighbours', and more than a 32-bit set holds. */
const FIELD = `started_at: [4, 'timestamptz'],`;

const SOURCE = `agent: 'agent',`;

let database: TestDatabase;
let next: NextVersion;
beforeAll(async () => {
  database = await testDatabase();
  next = nextVersion('alter table runs add column next_text text;', {
    'src/entities/run.ts': [
      [FIELD, `${FIELD} next_text: [45, 'text'],`],
      [SOURCE, `${SOURCE} next_text: 'agent',`],
    ],
  });
});
afterAll(async () => {
  next.remove();
  await database.drop();
});

it('a field that the next version declares in the middle leaves what events have won as it was', async () => {
  await createOrganization(database.database, 'acme');
  const { token } = await createToken(database.database, 'acme', { name: 'test', scopes: ['ingest'] });
  const send = async ({ url }: Serving, type: string, time: string, data: object): Promise<void> => {
    const body = JSON.stringify({ specversion: '1.0', source: '/test', id: `${type} ${time}`, type, time, data });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const { status } = await fetch(`${url}/v1/events`, { method: 'POST', headers, body });
    expect(status).toBe(200);
  };
  const completed = (service: Serving, time: string, status: string): Promise<void> =>
    send(service, 'run.completed', time, { runId: 'r', completedAt: '2026-01-31T10:00:00Z', status });
  const started = (service: Serving, time: string, agent: string): Promise<void> =>
    send(service, 'run.started', time, { runId: 'r', sessionId: 's', startedAt: '2026-01-31T09:00:00Z', agent });
  const row = async (columns: string): Promise<object> => {
    const read = `select ${columns} from runs where org_id = $1`;
    return (await database.database.inOrganization('acme', (tx) => tx.query(read, ['acme']))).rows[0]!;
  };

  const environment = (version: string) => ({ RUNBOARD_DATA_DIR: join(next.folder, version) });
  const before = await serve(database.url, environment('before'));
  await started(before, '2026-01-31T09:00:00Z', 'builder');
  await completed(before, '2026-01-31T10:00:00Z', 'SUCCEEDED');
  await before.end();

  const after = await serve(database.url, environment('after'), next.main);
  try {
    await completed(after, '2026-01-31T09:30:00Z', 'FAILED');
    await started(after, '2026-01-31T08:00:00Z', 'too early');
    expect(await row('status, agent, next_text')).toEqual({
      status: 'SUCCEEDED',
      agent: 'builder',
      next_text: 'too early',
    });
    await started(after, '2026-01-31T09:10:00Z', 'reviewer');
    await started(after, '2026-01-31T09:05:00Z', 'late');
    await completed(after, '2026-01-31T11:00:00Z', 'FAILED');
    expect(await row('status, agent, next_text')).toEqual({
      status: 'FAILED',
      agent: 'reviewer',
      next_text: 'reviewer',
    });
  } finally {
    await after.end();
  }
});

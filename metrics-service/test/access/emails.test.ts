import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '../../src/db/migrate.js';
import { testDatabase } from '../support/database.js';
import { testService, type TestService } from '../support/service.js';
import { headersOf, type TestViewer } from './viewers.js';

/** Who has whose e-mail, on a database whose locale folds the cases of all letters. */
let service: TestService;
let token: string;

beforeAll(async () => {
  const on = await testDatabase({ locale: 'und' });
  await migrate(on.url);
  expect((await on.database.query(`select lower('İK') <> 'İK' as folds`)).rows).toEqual([{ folds: true }]);
  service = await testService({ on });
  token = await service.organization('emails', { memberVisibility: 'self' }, [
    'ingest',
    'directory',
    'read',
    'delegate',
  ]);
  const said = (userId: string, email: string, n = 1) => ({
    ...{
      specversion: '1.0',
      source: 'directory',
      id: `${userId}${n}`,
      type: 'user.upserted',
      time: `2026-01-0${n}T00:00:00Z`,
    },
    data: { userId, email, role: userId === 'kim' ? 'admin' : null },
  });
  const events = [said('kim', 'kim@example.org'), said('zoe', 'Zoë@example.org'), said('old', 'old@example.org')];
  await service.accept(token, [
    ...events,
    said('old', 'new@example.org', 2),
    said('gone', 'gone@example.org'),
    said('gone', '', 2),
  ]);
});
afterAll(() => service.stop());

async function isSeenAs(more: Partial<TestViewer>): Promise<unknown> {
  const viewer = { kind: 'user', role: 'Viewer', auth: 'oauth_google', ...more };
  const { status, body } = await service.request('/v1/me', { token, headers: headersOf(viewer) });
  return status === 200 ? (body.viewer.user?.id ?? body.sees) : status;
}

describe('an e-mail', () => {
  it.each([
    ['kim@example.org', 'kim'],
    ['KIM@EXAMPLE.ORG', 'kim'],
    ['  kim@example.org ', 'kim'],
    ['Zoë@example.org', 'zoe'],
    ['zOë@example.org', 'zoe'],
    ['new@example.org', 'old'],
  ])('%j is that of %s', async (email, userId) => expect(await isSeenAs({ email })).toBe(userId));

  it.each([
    // the Kelvin sign, dotted and dotless i, full width and Cyrillic letters
    ...[
      '\u212aim@example.org',
      'k\u0130m@example.org',
      'k\u0131m@example.org',
      '\uff4bim@example.org',
      'ki\u043c@example.org',
    ],
    ...[
      'kim@example.org\u200b',
      'kim@ex\u00adample.org',
      'kim@example.org,zoe@x',
      '%im@example.org',
      'kim@example.org.',
      'k_m@example.org',
    ],
    ...['old@example.org', 'gone@example.org', 'kim', '@', 'kim@example.org'.repeat(500)],
  ])('%j is nobody’s', async (email) => expect(await isSeenAs({ email })).toBe('nothing'));
});

describe('a backend that lies', () => {
  it.each([
    ...[
      { kind: 'public' },
      { kind: 'anonymous' },
      { kind: 'alert', role: 'Grafana Admin' },
      { kind: 'unknown' },
      { kind: '' },
    ],
    ...[{ kind: 'USER' }, { kind: 'us\u0435r' }, { kind: 'user, user' }, { kind: 'user\u200b' }, { kind: '__proto__' }],
  ])('%j has no administrator, nor a person', async (viewer) => {
    const seen = await isSeenAs({ role: 'Admin', email: 'kim@example.org', ...viewer });
    expect(seen).toBe(viewer.kind === 'alert' ? 'totals' : 'nothing');
  });

  it.each(['admin', 'ADMIN', 'Editor', 'Admin, Viewer', '\u0410dmin', 'Grafana Admin'])(
    'the role %j opens nothing',
    async (role) => {
      expect(await isSeenAs({ role, email: 'eve@example.org' })).toBe('nothing');
    },
  );

  it.each([
    'trusted\u200b',
    'Trusted',
    'oauth',
    'oauth-google',
    'xoauth_google',
    'trusted, ldap',
    'oauth_google, password',
  ])('%j vouches for nothing', async (auth) => {
    expect(await isSeenAs({ auth, email: 'kim@example.org' })).toBe('nothing');
  });

  it('is not heard without the scope delegate, whatever it says', async () => {
    const plain = await service.organization('plain', {});
    for (const name of ['kind', 'email', 'role', 'auth', 'login', 'anything']) {
      const headers = { [`X-Runboard-Viewer-${name}`]: 'user' };
      const answers = ['/v1/me', '/v1/catalogue', '/v1/dimensions/user/values', '/v1/export/runs.csv?from=0&to=1'].map(
        (path) => service.request(path, { token: plain, headers }),
      );
      expect((await Promise.all(answers)).map(({ status, body }) => [status, body.code])).toEqual(
        answers.map(() => [403, 'delegate_required']),
      );
    }
  });
});

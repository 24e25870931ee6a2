import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runboard } from '../support/command.js';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
const run = (...args: string[]) => runboard(['org', ...args], { DATABASE_URL: service.url });

beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

it('changes what is named, and leaves the rest', async () => {
  const { code, stdout } = await run('update', 'acme', '--alert-visibility', 'nothing', '--store-text');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^setting +value\n/);
  expect(stdout).toMatch(/\nalert visibility +nothing\n/);
  const changes = [
    '--public-visibility',
    'totals',
    '--no-store-text',
    '--post-handoff-hours',
    '2',
    '--telemetry-settle',
    '45m',
    '--stuck-after',
    '5m',
    '--name',
    'Acme',
  ];
  const expected = {
    id: 'acme',
    name: 'Acme',
    memberVisibility: 'team',
    alertVisibility: 'nothing',
    publicVisibility: 'totals',
    postHandoffMs: 7_200_000,
    storeText: false,
    storePaths: false,
    telemetrySettleMs: 45 * 60_000,
    stuckAfterMs: 5 * 60_000,
    workItemPattern: null,
    timezone: 'UTC',
  };
  expect(JSON.parse((await run('update', 'acme', ...changes, '--json')).stdout)).toEqual(expected);
  expect(JSON.parse((await run('show', 'acme', '--json')).stdout)).toEqual(expected);
});

it('says what is wrong', async () => {
  const nothing = await run('update', 'acme');
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringMatching(/no setting to change was given/)]);
  const nobody = await run('update', 'nobody', '--name', 'x');
  expect([nobody.code, nobody.stderr]).toEqual([
    1,
    'runboard: there is no organization nobody: see `runboard org list`\n',
  ]);
  expect((await run('show', 'nobody')).code).toBe(1);
  const wrong = await run('update', 'acme', '--member-visibility', 'everybody');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/organization, team, self/)]);
});

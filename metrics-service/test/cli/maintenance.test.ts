import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reprice } from '../../src/ingest/reprice.js';
import { loadPrices } from '../../src/pricing/index.js';
import { runboard, type Outcome } from '../support/command.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

const AT = '2026-01-31T09:00:00Z';
let service: TestService;
const folder = mkdtempSync(join(tmpdir(), 'runboard-prices-'));
const otherPrices = join(folder, 'prices.json');
const run = (args: string, environment: Record<string, string> = {}): Promise<Outcome> =>
  runboard(args.split(' '), { DATABASE_URL: service.url, ...environment });
const json = async (args: string) => JSON.parse((await run(`${args} --json`)).stdout);

const event = (id: string, type: string, data: object) => ({ specversion: '1.0', id, source: '/test', type, data });
const message = (id: string, role: string) =>
  event(id, 'message.created', { messageId: id, sessionId: 's', role, sentAt: AT });
const call = (id: string) =>
  event(id, 'llm_call.recorded', {
    callId: id,
    sessionId: 's',
    runId: 'r',
    at: AT,
    model: 'claude-opus-5',
    usage: { inputTokens: 1_000_000, outputTokens: 0 },
  });

beforeAll(async () => {
  service = await testService();
  const prices = [{ models: ['claude-opus-5'], input: '1', output: '1' }];
  writeFileSync(otherPrices, JSON.stringify({ source: 'a test', date: '2026-01-01', prices }));
  const started = event('started', 'run.started', { runId: 'r', sessionId: 's', startedAt: AT });
  const { body } = await service.request('/v1/events', {
    body: [started, call('c'), message('good', 'user'), message('a', 'robot'), message('b', 'robot')],
  });
  expect(body).toMatchObject({ accepted: 3 });
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

const cost = async () => {
  const { rows } = await service.database.inOrganization('acme', (tx) => tx.query('select cost_nanos from runs'));
  return (rows[0] as { cost_nanos: string }).cost_nanos;
};

describe('runboard dead-letters', () => {
  it('lists what was rejected and why, the newest first', async () => {
    const { code, stdout } = await run('dead-letters list');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^id +received +event +code +path +message$/);
    expect(stdout).toMatch(/ b +invalid_event +data\.role .*\n.* a +invalid_event +data\.role /);
    expect(await json('dead-letters list --limit 1')).toEqual([
      expect.objectContaining({ id: expect.any(String), eventId: 'b', source: '/test', path: 'data.role' }),
    ]);
  });

  it('shows one with the event as it was kept', async () => {
    const [{ id }] = await json('dead-letters list --limit 1');
    expect(await json(`dead-letters show ${id}`)).toMatchObject({ id, code: 'invalid_event', event: { id: 'b' } });
    expect((await run(`dead-letters show ${id}`)).stdout).toContain('"role": "robot"');
    expect(await run('dead-letters show 999999')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^.*\n$/) });
    expect(await run('dead-letters show last')).toMatchObject({ code: 2 });
  });

  it('replays: what is valid now is accepted and removed, the others stay', async () => {
    const [, { id }] = await json('dead-letters list');
    // as if this version had learned to read it
    await service.database.inOrganization('acme', (tx) =>
      tx.query(`update dead_letters set event = jsonb_set(event, '{data,role}', '"user"') where dead_letter_id = $1`, [
        id,
      ]),
    );
    const { code, stdout } = await run('dead-letters replay');
    expect({ code, first: stdout.split('\n')[0] }).toEqual({
      code: 0,
      first: '1 accepted, 0 duplicates, 1 still rejected',
    });
    expect(await json('dead-letters list')).toEqual([expect.objectContaining({ eventId: 'b' })]);
    expect((await service.request('/v1/events', { body: message('a', 'user') })).body).toMatchObject({ duplicates: 1 });
    expect(await run(`dead-letters replay ${id}`)).toMatchObject({ code: 1 });
  });
});

describe('runboard rebuild', () => {
  it('makes the same tables anew', async () => {
    const before = await tablesOf(service.database, 'acme');
    await service.database.inOrganization('acme', (tx) => tx.query(`delete from messages`));
    expect(await run('rebuild')).toEqual({
      code: 0,
      stdout: 'rebuilt the tables of acme from 4 events\n',
      stderr: '',
    });
    expect(await tablesOf(service.database, 'acme')).toEqual(before);
  });
});

describe('a command that computes costs', () => {
  it.each(['rebuild', 'dead-letters replay'])('%s: refuses other prices than the costs have', async (command) => {
    expect(await cost()).toBe('5000000000');
    const refused = await run(command, { RUNBOARD_PRICES: otherPrices });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^runboard: the costs of acme were computed with prices other .*\n$/);
    expect(await cost()).toBe('5000000000');
  });

  it('takes those that the service brought the costs to, and an organization without costs takes any', async () => {
    await service.organization('fresh');
    expect(await run('rebuild --org fresh', { RUNBOARD_PRICES: otherPrices })).toMatchObject({ code: 0 });
    await reprice(service.database, 'acme', loadPrices(otherPrices));
    expect(await cost()).toBe('1000000000');
    expect(await run('rebuild --org acme')).toMatchObject({ code: 1 });
    expect(await run('rebuild --org acme', { RUNBOARD_PRICES: otherPrices })).toMatchObject({ code: 0 });
    expect(await cost()).toBe('1000000000');
  });
});

describe('runboard prices', () => {
  it('prints the built-in ones in the shape of a file', async () => {
    const { code, stdout } = await runboard(['prices']);
    expect(code).toBe(0);
    const file = join(folder, 'built-in.json');
    writeFileSync(file, stdout);
    expect(loadPrices(file).hash).toBe(loadPrices().hash);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importCommand } from '../../src/cli/import/index.js';
import { testService, type TestService } from '../support/service.js';
import { describeWithData, SHARED_DATA } from '../support/shared-data.js';
import { context, count, event, item, meta, toBytes, T1 } from './rollouts.js';

const DATA = join(SHARED_DATA, 'codex');
const NOW = Date.UTC(2026, 10, 21);
const folder = mkdtempSync(join(tmpdir(), 'rollouts-'));
let service: TestService;

const ROLLOUT = [
  meta(0),
  event('task_started', 1, { turn_id: T1 }),
  event('user_message', 1, { message: 'go' }),
  context(1, T1),
  item(5),
  count(6, [1000, 400, 100, 40]),
  count(7, [1000, 400, 100, 40]),
  item(8),
  count(9, [3000, 1400, 150, 60]),
  event('task_complete', 10, { turn_id: T1, last_agent_message: 'Done.' }),
];

beforeAll(async () => {
  service = await testService();
  mkdirSync(join(folder, '2026/03/01'), { recursive: true });
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

async function run(token: string, ...args: string[]): Promise<Record<string, any>> {
  const stdout = new PassThrough();
  let out = '';
  stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const command = importCommand({
    clock: () => NOW,
    environment: {},
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: new PassThrough().resume() as unknown as NodeJS.WriteStream,
    reach: () => Promise.resolve({ url: service.address, token }),
  });
  await command.parseAsync(['codex', '--user', 'dev@example.com', '--json', ...args], { from: 'user' });
  return JSON.parse(out);
}

async function rows(org: string, sql: string): Promise<unknown[]> {
  return service.database.inOrganization(org, async (tx) => (await tx.query(sql)).rows);
}

describe('runboard import codex', () => {
  it('sends what a folder holds, adds what has grown, and counts everything once', async () => {
    const file = join(folder, '2026/03/01/rollout-2026-03-01T12-00-00-thread-1.jsonl');
    writeFileSync(file, toBytes(ROLLOUT.slice(0, 6)));
    const totals = { files: 1, sessions: 1, runs: 1, calls: 1, duplicates: 0, rejected: 0 };
    expect(await run(service.token, folder)).toMatchObject(totals);
    writeFileSync(file, toBytes(ROLLOUT));
    const grown = await run(service.token, folder);
    const models = [{ model: 'gpt-5', calls: 2, inputTokens: 3000, outputTokens: 150 }];
    expect(grown).toMatchObject({ ...totals, calls: 2, models, duplicates: 5, unreadable: { count: 0 } });
    expect(await run(service.token, folder)).toMatchObject({ accepted: 0, duplicates: grown.events, rejected: 0 });
    // 1,600 in at 1.25, 1,400 read at 0.125 and 150 out at 10 dollars per million tokens
    expect(
      await rows(
        'acme',
        `select run_id, status, model, user_id, cost_nanos, runtime
      from runs join sessions using (org_id, session_id)`,
      ),
    ).toEqual([
      {
        run_id: T1,
        status: 'SUCCEEDED',
        model: 'gpt-5',
        user_id: 'dev@example.com',
        cost_nanos: String(2_000_000 + 175_000 + 1_500_000),
        runtime: 'codex',
      },
    ]);
  });
});

describeWithData('the public rollouts through the service', () => {
  it('give the totals of their README', async () => {
    const token = await service.organization('shared');
    const path = (name: string) => join(DATA, `rollout-2026-02-23T${name}.jsonl`);
    const files = [
      path('12-41-04-019c8a4d-8f45-7010-8b5d-7fad920aa6f9'),
      path('13-19-38-019c8a70-dda7-7f33-98ea-f30553347322'),
      path('20-34-25-019c8bfe-ec25-79e0-97d7-bda6a9c575ff'),
    ];
    expect(await run(token, ...files)).toMatchObject({ sessions: 3, runs: 3, duplicates: 0, rejected: 0 });
    expect(await run(token, ...files, files[0]!)).toMatchObject({ accepted: 0, rejected: 0 });
    const totals = `select left(session_id, 8) as session, sum(input_tokens)::int as input,
      sum(cache_read_tokens)::int as cached, sum(output_tokens)::int as output,
      sum(reasoning_tokens)::int as reasoning from llm_calls group by 1 order by 1`;
    expect(await rows('shared', totals)).toEqual([
      { session: '019c8a4d', input: 1751428, cached: 1651968, output: 14600, reasoning: 4293 },
      { session: '019c8a70', input: 34469, cached: 3456, output: 431, reasoning: 264 },
      { session: '019c8bfe', input: 298373, cached: 238848, output: 1123, reasoning: 483 },
    ]);
    expect(await rows('shared', 'select distinct status from runs order by 1')).toEqual([
      { status: 'CANCELED' },
      { status: 'SUCCEEDED' },
    ]);
    expect(await run(token, join(DATA, 'record-type-zoo.jsonl'))).toMatchObject({ rejected: 0 });
  });
});

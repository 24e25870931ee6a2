import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ImportedEvent } from '../../src/importers/events.js';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { prune } from '../../src/retention/prune.js';
import { readRollout, TURN, toBytes } from '../importers/rollouts.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';
import { nanosOf, plainLogsBody, type SentRecord } from './otlp.js';
import { readOrg, totals, type Org } from './reading.js';

const DATA = join(import.meta.dirname, '../../../../shared/data/codex');
const LARGE = 'rollout-2026-02-23T20-34-25-019c8bfe-ec25-79e0-97d7-bda6a9c575ff.jsonl';
const NOW = Date.parse('2026-03-20T00:00:00Z');
const DAY = 86_400_000;
const METRICS = [
  ...['runs', 'succeeded_runs', 'input_tokens', 'output_tokens', 'cache_read_tokens', 'total_cost'],
  ...['active_sessions', 'avg_session_lifespan', 'tool_calls', 'await_share'],
];

let service: TestService;
beforeAll(async () => {
  service = await testService({ clock: () => NOW });
});
afterAll(() => service.stop());

interface Call {
  at: string;
  model: string;
  usage: Record<string, number>;
}

/** What Codex's telemetry says of the same session: the same turns and responses, some milliseconds apart. */
function telemetryOf(events: readonly ImportedEvent[]): SentRecord[] {
  return events.flatMap(({ type, data }): SentRecord[] => {
    const conversation = { 'conversation.id': data.sessionId, 'user.account_id': 'acc-1', model: 'gpt-5' };
    const record = (event: string, at: unknown, aside: number, more: Record<string, unknown>): SentRecord => ({
      event: `codex.${event}`,
      nanos: nanosOf(Date.parse(at as string) + aside),
      attributes: { ...conversation, ...more },
    });
    if (type === 'run.started') return [record('user_prompt', data.startedAt, 7, { prompt: '[REDACTED]' })];
    // the same tool call, by the agent's own id
    if (type === 'tool_call.recorded') {
      const said = { tool_name: data.name, call_id: data.toolCallId, success: 'true', duration_ms: '20' };
      return [record('tool_result', data.completedAt ?? data.startedAt, 5, said)];
    }
    if (type !== 'llm_call.recorded') return [];
    const { at, model, usage } = data as unknown as Call;
    const counts = {
      ...{ input_token_count: usage.inputTokens, output_token_count: usage.outputTokens },
      ...{ cached_token_count: usage.cacheReadTokens, reasoning_token_count: usage.reasoningTokens },
    };
    return [
      record('sse_event', at, 3, { 'event.kind': 'response.completed', ...counts, model }),
      record('tool_result', at, 90, { tool_name: 'shell', call_id: `call ${at}`, success: 'true', duration_ms: '20' }),
    ];
  });
}

const sendTelemetry = async ({ token }: Org, records: SentRecord[]): Promise<void> => {
  const body = plainLogsBody(records, { 'service.name': 'codex_cli_rs' });
  expect(await service.request('/v1/logs', { token, body })).toMatchObject({ status: 200, body: {} });
};
const window: [number, number] = [Date.parse('2026-02-01T00:00:00Z'), NOW];
const ask = (org: Org): Promise<Record<string, unknown>> => totals(service, org, METRICS, window);

async function rebuiltAlike({ orgId }: Org): Promise<void> {
  const before = await tablesOf(service.database, orgId);
  await rebuild(service.database, orgId, loadPrices());
  expect(await tablesOf(service.database, orgId)).toEqual(before);
}

const sources: [string, () => Buffer][] = [
  ['a rollout of one turn', () => toBytes(TURN)],
  ...(existsSync(DATA) ? [['a public rollout', () => readFileSync(join(DATA, LARGE))] as [string, () => Buffer]] : []),
];

describe.each(sources)('%s, and telemetry of the same session', (_name, bytes) => {
  const { events } = readRollout(bytes());
  const records = telemetryOf(events);
  const half = Math.ceil(records.length / 2);
  const [early, late] = [records.slice(0, half), records.slice(half)];
  const cut = Math.ceil(events.length / 2);

  test('count once, whatever comes first', async () => {
    const alone = await service.newOrganization();
    await service.accept(alone.token, events);
    const expected = await ask(alone);
    const { runs, calls, messages } = await readOrg(service, alone);
    expect(Number(expected.runs)).toBeGreaterThan(0);
    const say = (org: Org, some: readonly object[]): Promise<unknown> => service.accept(org.token, [...some]);
    const orders: ((org: Org) => Promise<unknown>)[][] = [
      [(org) => say(org, events), (org) => sendTelemetry(org, records)],
      [(org) => sendTelemetry(org, records), (org) => say(org, events)],
      [
        (org) => sendTelemetry(org, late),
        (org) => say(org, events.slice(cut)),
        (org) => sendTelemetry(org, early),
        (org) => say(org, events.slice(0, cut)),
      ],
      [
        (org) => say(org, events.slice(cut)),
        (org) => sendTelemetry(org, [...early].reverse()),
        (org) => say(org, [...events.slice(0, cut)].reverse()),
        (org) => sendTelemetry(org, late),
      ],
    ];
    let tables: unknown = null;
    for (const order of orders) {
      const org = await service.newOrganization();
      for (const step of order) await step(org);
      expect(await ask(org)).toEqual(expected);
      const found = await readOrg(service, org);
      expect([found.runs, found.calls, found.messages]).toEqual([runs, calls, messages]);
      // what telemetry tells is kept
      const kept = await service.database.inOrganization(org.orgId, (tx) =>
        tx.query(`select from runs where org_id = $1 and superseded`, [org.orgId]),
      );
      expect(kept.rowCount).toBe(runs.length);
      await rebuiltAlike(org);
      const now = withoutOrg(await tablesOf(service.database, org.orgId), org.orgId);
      expect(now).toEqual(tables ?? now);
      tables = now;
    }
  });

  test('telemetry alone counts, until a rollout comes, and again when it is pruned away', async () => {
    const org = await service.newOrganization();
    await sendTelemetry(org, records);
    const { runs, input_tokens: input } = await ask(org);
    const said = events
      .filter(({ type }) => type === 'llm_call.recorded')
      .map(({ data }) => data.usage as Call['usage']);
    expect(input).toBe(said.reduce((sum, { inputTokens }) => sum + inputTokens!, 0));
    expect(runs).toBe(new Set(events.flatMap(({ type, data }) => (type === 'run.started' ? data.runId : []))).size);
    await service.accept(org.token, events);
    // a late record of telemetry, far from what the rollout tells
    await sendTelemetry(org, [
      {
        event: 'codex.user_prompt',
        nanos: nanosOf(NOW - DAY),
        attributes: { 'conversation.id': events.find(({ data }) => data.sessionId)!.data.sessionId },
      },
    ]);
    await prune(service.database, org.orgId, new Date(NOW - 2 * DAY));
    await rebuiltAlike(org);
  });
});

test('a session that is of another runtime, or has no run of its own, hides nothing', async () => {
  const org = await service.newOrganization();
  const { events } = readRollout(toBytes(TURN));
  await sendTelemetry(org, telemetryOf(events));
  const session = events.find(({ type }) => type === 'session.created')!;
  const say = (id: string, more: object): Promise<unknown> =>
    service.accept(org.token, [{ ...session, id, time: '2026-03-19T00:00:00Z', data: { ...session.data, ...more } }]);
  await say('a', {});
  expect((await ask(org)).runs).toBe(1);
  await service.accept(org.token, events);
  const once = await ask(org);
  await say('b', { runtime: 'other' });
  expect((await ask(org)).runs).toBe(2);
  await say('c', { runtime: 'codex' });
  expect(await ask(org)).toEqual(once);
  await rebuiltAlike(org);
});

/** Rows without their organization, and without when they were received. */
function withoutOrg(tables: unknown, orgId: string): unknown {
  // the rows are JSON in texts
  const quoted = (text: string): string => JSON.stringify(`"${text}"`).slice(1, -1);
  return JSON.parse(JSON.stringify(tables).replaceAll(quoted(orgId), quoted('org')));
}

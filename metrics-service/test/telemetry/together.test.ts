import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { agent, apiError, read, result, SESSION, START, turnEnd, user } from '../importers/transcripts.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';
import { logsBody, nanosOf, type SentRecord } from './otlp.js';

/** Three prompts of one session: one succeeds with a tool, one fails, one succeeds. Seconds after START. */
const TRANSCRIPT = [
  user('u1', 0, 'go', { promptId: 'P1' }),
  agent('a1', 2, 'm1', 'tool', [10, 20, 1_000, 100], { requestId: 'r1' }),
  result('t1', 3),
  agent('a2', 5, 'm2', 'text', [30, 40, 1_100, 0], { requestId: 'r2' }),
  turnEnd('e1', 6),
  user('u2', 100, 'more', { promptId: 'P2' }),
  agent('a3', 103, 'm3', 'text', [5, 6, 0, 50], { requestId: 'r3' }),
  apiError('x1', 110, { error: 'overloaded_error', apiErrorStatus: 529 }, 'API Error: Overloaded'),
  user('u3', 200, 'again', { promptId: 'P3' }),
  agent('a4', 204, 'm4', 'text', [7, 8, 0, 0], { requestId: 'r4' }),
  turnEnd('e2', 205),
];

function record(event: string, s: number, prompt: string, more: Record<string, unknown>): SentRecord {
  const attributes = {
    'session.id': SESSION,
    'prompt.id': prompt,
    'event.sequence': s,
    'user.email': 'Ann@Example.com',
  };
  return { event, nanos: nanosOf(START + s * 1_000, 250_000), attributes: { ...attributes, ...more } };
}
const call = (s: number, prompt: string, request: string, [input, output, read, write]: number[]): SentRecord =>
  record('api_request', s, prompt, {
    ...{ model: 'claude-opus-5', request_id: request, query_source: 'repl_main_thread' },
    ...{ input_tokens: input, output_tokens: output, cache_read_tokens: read, cache_creation_tokens: write },
  });
const answer = (s: number, prompt: string, request: string): SentRecord =>
  record('assistant_response', s, prompt, {
    request_id: request,
    response_length: 5,
    query_source: 'repl_main_thread',
  });

/** The same in telemetry; newer versions name the message of a prompt. */
function telemetry(namesMessages: boolean): SentRecord[] {
  const prompt = (s: number, id: string, uuid: string): SentRecord =>
    record('user_prompt', s, id, { prompt_length: 2, ...(namesMessages ? { 'message.uuid': uuid } : {}) });
  return [
    prompt(0, 'P1', 'u1'),
    call(2, 'P1', 'r1', [10, 20, 1_000, 100]),
    record('tool_decision', 2, 'P1', { tool_name: 'Bash', tool_use_id: 't', decision: 'accept', source: 'config' }),
    record('tool_result', 3, 'P1', { tool_name: 'Bash', tool_use_id: 't', success: 'true', duration_ms: '800' }),
    call(5, 'P1', 'r2', [30, 40, 1_100, 0]),
    answer(5, 'P1', 'r2'),
    prompt(100, 'P2', 'u2'),
    call(103, 'P2', 'r3', [5, 6, 0, 50]),
    answer(103, 'P2', 'r3'),
    record('api_error', 110, 'P2', { error: 'Overloaded', status_code: 529, attempt: 11, model: 'claude-opus-5' }),
    prompt(200, 'P3', 'u3'),
    call(204, 'P3', 'r4', [7, 8, 0, 0]),
    answer(204, 'P3', 'r4'),
  ];
}

/** The same as hooks post it. */
const HOOKS: [s: number, hook: Record<string, unknown>][] = [
  [0, { hook_event_name: 'UserPromptSubmit', prompt_id: 'P1', prompt: 'go' }],
  [6, { hook_event_name: 'Stop', prompt_id: 'P1' }],
  [100, { hook_event_name: 'UserPromptSubmit', prompt_id: 'P2', prompt: 'more' }],
  [110, { hook_event_name: 'StopFailure', prompt_id: 'P2', error: 'overloaded' }],
  [200, { hook_event_name: 'UserPromptSubmit', prompt_id: 'P3', prompt: 'again' }],
  [205, { hook_event_name: 'Stop', prompt_id: 'P3' }],
  [300, { hook_event_name: 'SessionEnd', reason: 'other' }],
];

let service: TestService;
let nowMs = START;
beforeAll(async () => {
  service = await testService({ clock: () => nowMs });
});
afterAll(() => service.stop());

type Sender = (token: string) => Promise<void>;
const SENDERS: Record<string, Sender> = {
  transcript: async (token) => {
    nowMs = START + 86_400_000;
    await service.accept(token, read(TRANSCRIPT, { nowMs }).events);
  },
  telemetry: (token) => sendLogs(token, telemetry(true)),
  'older telemetry': (token) => sendLogs(token, telemetry(false)),
  hooks: async (token) => {
    for (const [s, hook] of HOOKS) {
      nowMs = START + s * 1_000;
      const { status } = await service.request('/v1/hooks/claude-code', {
        token,
        body: { session_id: SESSION, ...hook },
      });
      expect(status).toBe(200);
    }
  },
};

async function sendLogs(token: string, records: SentRecord[]): Promise<void> {
  nowMs = START + 86_400_000;
  // in two requests, the second half first
  for (const part of [records.slice(6), records.slice(0, 6)]) {
    const { body } = await service.request('/v1/logs', { token, body: logsBody(part) });
    expect(body).toEqual({});
  }
}

const METRICS = [
  ...['runs', 'succeeded_runs', 'failed_runs', 'input_tokens', 'output_tokens', 'cache_read_tokens'],
  ...['cache_write_tokens', 'total_cost', 'active_sessions'],
];

async function ask(token: string, query: object): Promise<unknown[][]> {
  const body = { from: START - 3_600_000, to: START + 3_600_000, queries: [query] };
  return (await service.request('/v1/query', { token, body })).body.results.A.frames[0].data.values as unknown[][];
}

async function totals(token: string): Promise<Record<string, unknown>> {
  const values = await ask(token, { view: 'table', metrics: METRICS });
  return Object.fromEntries(METRICS.map((metric, index) => [metric, values[index]![0]]));
}

async function messages(orgId: string): Promise<number> {
  const { rows } = await service.database.inOrganization(orgId, (tx) =>
    tx.query<{ count: string }>(`select count(*) from messages where org_id = $1 and not hidden`, [orgId]),
  );
  return Number(rows[0]!.count);
}

function orders<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((one, index) => orders(list.filter((_, other) => other !== index)).map((rest) => [one, ...rest]));
}

const SETS = [
  ['transcript', 'telemetry'],
  ['transcript', 'older telemetry'],
  ['transcript', 'hooks'],
  ['telemetry', 'hooks'],
  ['older telemetry', 'hooks'],
  ['transcript', 'telemetry', 'hooks'],
  ['transcript', 'older telemetry', 'hooks'],
];

describe('transcripts, telemetry and hooks of one session count once', () => {
  let expected: Record<string, unknown>;
  beforeAll(async () => {
    const { orgId, token } = await service.newOrganization();
    await SENDERS.transcript!(token);
    expected = await totals(token);
    // by hand: r1 to r4, cached tokens included
    expect(expected).toMatchObject({
      ...{ runs: 3, succeeded_runs: 2, failed_runs: 1, active_sessions: 1 },
      ...{ input_tokens: 2_302, output_tokens: 74, cache_read_tokens: 2_100, cache_write_tokens: 150 },
    });
    // three prompts, three answers, and the error as the transcript shows it
    expect(await messages(orgId)).toBe(7);
  });

  test.each(SETS.flatMap((set) => orders(set)).map((order): [string, string[]] => [order.join(', '), order]))(
    '%s',
    async (_name, order) => {
      const { orgId, token } = await service.newOrganization();
      for (const sender of order) await SENDERS[sender]!(token);
      expect(await totals(token)).toEqual(expected);
      expect(await messages(orgId)).toBe(order.includes('transcript') ? 7 : 6);
      // what one knows better is not lost: who it was, and from the transcript where
      const [session] = await ask(token, { view: 'sessions' });
      expect(session).toEqual([SESSION]);
      const before = await tablesOf(service.database, orgId);
      await rebuild(service.database, orgId, loadPrices());
      expect(await tablesOf(service.database, orgId)).toEqual(before);
    },
  );

  test('sent again, nothing is new', async () => {
    const { orgId, token } = await service.newOrganization();
    for (const sender of ['telemetry', 'transcript']) await SENDERS[sender]!(token);
    const before = await tablesOf(service.database, orgId);
    for (const sender of ['transcript', 'telemetry']) await SENDERS[sender]!(token);
    expect(await tablesOf(service.database, orgId)).toEqual(before);
  });
});

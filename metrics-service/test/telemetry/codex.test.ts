import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';
import { plainLogsBody, nanosOf, type SentRecord } from './otlp.js';
import { readOrg, type Org } from './reading.js';

const START = Date.parse('2026-03-02T10:00:00.000Z');
const CONVERSATION = '019c8a4d-8f45-7010-8b5d-7fad920aa6f9';
const RESOURCE = { 'service.name': 'codex_cli_rs', 'service.version': '0.118.0', env: 'dev', 'host.name': 'ann-1' };

let service: TestService;
beforeAll(async () => {
  service = await testService({ clock: () => START + 86_400_000 });
});
afterAll(() => service.stop());

const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();

/** As codex-rs/otel writes them: no time of their own but `event.timestamp`, counts mostly as texts. */
const record = (event: string, seconds: number, attributes: Record<string, unknown>): SentRecord => ({
  event: `codex.${event}`,
  nanos: nanosOf(START + seconds * 1_000),
  attributes: {
    'event.timestamp': at(seconds),
    'conversation.id': CONVERSATION,
    'app.version': '0.118.0',
    auth_mode: 'Chatgpt',
    originator: 'codex_cli_rs',
    'user.account_id': 'acc-1',
    'user.email': 'Ann@Example.com',
    'terminal.type': 'xterm',
    model: 'gpt-5.1-codex',
    slug: 'gpt-5.1-codex',
    ...attributes,
  },
});
const response = (seconds: number, [input, cached, output, reasoning]: number[]): SentRecord =>
  record('sse_event', seconds, {
    'event.kind': 'response.completed',
    ...{ input_token_count: String(input), output_token_count: String(output) },
    ...{ cached_token_count: cached, reasoning_token_count: reasoning, tool_token_count: String(input! + output!) },
  });

const RECORDS = [
  record('conversation_starts', 0, { provider_name: 'OpenAI', approval_policy: 'on-request', context_window: 272_000 }),
  record('user_prompt', 1, { prompt_length: '12', prompt: '[REDACTED]' }),
  record('api_request', 2, { 'http.response.status_code': 200, attempt: 0, duration_ms: '90' }),
  record('sse_event', 3, { 'event.kind': 'response.created', duration_ms: '5' }),
  response(5, [1_000, 400, 50, 20]),
  record('tool_decision', 6, { tool_name: 'shell', call_id: 'call_1', decision: 'approved', source: 'User' }),
  record('tool_result', 8, {
    ...{ tool_name: 'shell', call_id: 'call_1', arguments: '{"command":["ls"]}', duration_ms: '1500' },
    ...{ success: 'true', output: 'README.md' },
  }),
  response(10, [1_200, 1_000, 30, 0]),
  record('user_prompt', 60, { prompt_length: '4', prompt: 'more' }),
  response(64, [2_000, 1_200, 10, 0]),
  record('tool_decision', 65, { tool_name: 'apply_patch', call_id: 'call_2', decision: 'denied', source: 'User' }),
  record('turn_ttft', 66, { duration_ms: '40' }),
];

async function send({ token }: Org, records: SentRecord[]): Promise<Record<string, any>> {
  const { status, body } = await service.request('/v1/logs', { token, body: plainLogsBody(records, RESOURCE) });
  expect(status).toBe(200);
  return body;
}

describe('telemetry of Codex', () => {
  test('gives sessions, runs, calls and tool calls, in any order', async () => {
    for (const order of [RECORDS, [...RECORDS].reverse()]) {
      const org = await service.newOrganization();
      for (const one of order) expect(await send(org, [one])).toEqual({});
      const { runs, calls, tools, sessions } = await readOrg(service, org);
      expect(sessions).toEqual([expect.objectContaining({ session_id: CONVERSATION, runtime: 'codex' })]);
      // input includes what was cached: 1,000 + 1,200 and 2,000
      const [first, second] = [1, 60].map((seconds) => `key:codex:${CONVERSATION}:${at(seconds)}`);
      expect(runs).toMatchObject([
        {
          ...{ run_id: first, session_id: CONVERSATION, user_id: 'ann@example.com', status: 'SUCCEEDED' },
          ...{ started_at: new Date(at(1)), completed_at: new Date(at(10)), model: 'gpt-5.1-codex' },
          ...{ input_tokens: '2200', output_tokens: '80', cache_read_tokens: '1400' },
        },
        { run_id: second, status: 'IN_FLIGHT', input_tokens: '2000', output_tokens: '10', cache_read_tokens: '1200' },
      ]);
      expect(calls.map((call) => [call.run_id, call.reasoning_tokens])).toEqual([
        [first, '20'],
        [first, '0'],
        [second, '0'],
      ]);
      expect(tools).toMatchObject([
        {
          ...{ tool_call_id: 'call_1', run_id: first, name: 'shell', status: 'SUCCEEDED', input_bytes: '18' },
          ...{ started_at: new Date(START + 6_500), completed_at: new Date(at(8)) },
        },
        { tool_call_id: 'call_2', run_id: second, status: 'REJECTED', rejected_by: 'person' },
      ]);
    }
  });

  test('a turn whose last request failed has failed, one that was tried again has not', async () => {
    const failing = [
      record('user_prompt', 1, { prompt_length: '1' }),
      record('api_request', 2, { 'http.response.status_code': 429, 'error.message': 'slow down', attempt: 0 }),
      record('api_request', 3, { 'http.response.status_code': 200, attempt: 1 }),
      response(5, [100, 0, 10, 0]),
      record('user_prompt', 60, { prompt_length: '1' }),
      response(62, [200, 0, 10, 0]),
      record('api_request', 64, { 'http.response.status_code': 503, 'error.message': 'no', attempt: 0 }),
      record('api_request', 66, { 'http.response.status_code': 503, 'error.message': 'no', attempt: 1 }),
      record('user_prompt', 120, { prompt_length: '1' }),
      record('sse_event', 121, { 'event.kind': 'response.failed', 'error.message': 'exceeds the context window' }),
      record('user_prompt', 180, { prompt_length: '1' }),
    ];
    for (const order of [failing, [...failing].reverse()]) {
      const org = await service.newOrganization();
      for (const one of order) expect(await send(org, [one])).toEqual({});
      const { runs } = await readOrg(service, org);
      expect(runs).toMatchObject([
        { status: 'SUCCEEDED', completed_at: new Date(at(5)), input_tokens: '100' },
        {
          ...{ status: 'FAILED', completed_at: new Date(at(66)), input_tokens: '200' },
          ...{ failure_category: 'provider_error', error_summary: 'request failed, status 503' },
        },
        { status: 'FAILED', completed_at: new Date(at(121)), failure_category: 'context_overflow', input_tokens: '0' },
      ]);
    }
  });

  test('sent again it is the same; unknown names and faults are told apart', async () => {
    const org = await service.newOrganization();
    await send(org, RECORDS);
    const before = await readOrg(service, org);
    await send(org, [...RECORDS].reverse());
    expect(await readOrg(service, org)).toEqual(before);
    const faulty = [
      response(70, [-1, 0, 5, 0]),
      record('sse_event', 71, {
        'event.kind': 'response.completed',
        input_token_count: '5',
        output_token_count: 'NaN',
      }),
      record('user_prompt', 72, { 'conversation.id': '' }),
      record('tool_result', 73, { call_id: 'call_3' }),
      record('no_such_event', 74, {}),
    ];
    const { partialSuccess } = await send(org, faulty);
    expect(partialSuccess).toEqual({
      rejectedLogRecords: '4',
      errorMessage: 'record 0: input_token_count is no token count',
    });
    expect(await readOrg(service, org)).toEqual(before);
  });
});

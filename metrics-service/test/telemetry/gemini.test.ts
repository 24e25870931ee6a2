import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';
import { nanosOf, plainLogsBody, type SentRecord } from './otlp.js';
import { readOrg } from './reading.js';

const START = Date.parse('2026-03-02T10:00:00.000Z');
const SESSION = '5f0b6c1e-0000-4000-8000-000000000001';
const RESOURCE = { 'service.name': 'gemini-cli', 'service.version': 'v22.1.0', 'session.id': SESSION };

let service: TestService;
beforeAll(async () => {
  service = await testService({ clock: () => START + 86_400_000 });
});
afterAll(() => service.stop());

const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
const promptId = (number: number): string => `${SESSION}########${number}`;

/** As the documents of Gemini CLI have them. */
const record = (event: string, seconds: number, attributes: Record<string, unknown>): SentRecord => ({
  event: `gemini_cli.${event}`,
  nanos: nanosOf(START + seconds * 1_000),
  attributes: {
    'session.id': SESSION,
    'installation.id': 'inst-1',
    'user.email': 'Ann@Example.com',
    interactive: true,
    'event.timestamp': at(seconds),
    ...attributes,
  },
});
const response = (
  seconds: number,
  prompt: string,
  counts: number[],
  more: Record<string, unknown> = {},
): SentRecord => {
  const [input, output, cached, thoughts, tool] = counts;
  return record('api_response', seconds, {
    ...{ model: 'gemini-2.5-pro', duration_ms: 900, status_code: 200, prompt_id: prompt, role: 'main' },
    ...{ input_token_count: input, output_token_count: output, cached_content_token_count: cached },
    ...{ thoughts_token_count: thoughts, tool_token_count: tool, finish_reasons: ['stop'], ...more },
  });
};

const RECORDS = [
  record('config', 0, { model: 'gemini-2.5-pro', approval_mode: 'default' }),
  record('user_prompt', 1, { prompt_length: 8, prompt_id: promptId(0), prompt: 'fix it' }),
  record('api_request', 2, { model: 'gemini-2.5-pro', prompt_id: promptId(0), role: 'main' }),
  response(3, promptId(0), [1_000, 40, 600, 25, 5]),
  response(4, promptId(0), [100, 10, 0, 0, 0], { model: 'gemini-2.5-flash', role: 'utility_router' }),
  record('tool_call', 6, {
    ...{
      function_name: 'run_shell_command',
      duration_ms: 1_500,
      success: true,
      decision: 'accept',
      tool_type: 'native',
    },
    ...{ prompt_id: promptId(0), start_time: START + 4_500, end_time: START + 6_000, content_length: 77 },
  }),
  // a subagent's prompt has an id of its own
  response(7, 'codebase_investigator#1', [300, 20, 0, 0, 0], { role: 'subagent' }),
  record('user_prompt', 60, { prompt_length: 4, prompt_id: promptId(1) }),
  record('api_error', 62, {
    ...{ model_name: 'gemini-2.5-pro', duration: 300, prompt_id: promptId(1), status_code: 429 },
    ...{ 'error.type': 'ApiError', 'error.message': 'Resource exhausted for ann@example.com' },
  }),
  record('tool_call', 63, {
    ...{ function_name: 'write_file', duration_ms: 0, success: false, decision: 'reject', prompt_id: promptId(1) },
  }),
  record('user_prompt', 120, { prompt_length: 4, prompt_id: promptId(2) }),
  record('hook_call', 121, { hook_name: 'x' }),
];

test('telemetry of Gemini CLI gives runs, calls and tool calls, in any order', async () => {
  for (const order of [RECORDS, [...RECORDS].reverse()]) {
    const org = await service.newOrganization();
    for (const one of [...order, ...order]) {
      const sent = await service.request('/v1/logs', { token: org.token, body: plainLogsBody([one], RESOURCE) });
      expect([sent.status, sent.body]).toEqual([200, {}]);
    }
    const { runs, calls, tools, messages, sessions } = await readOrg(service, org);
    expect(sessions).toEqual([expect.objectContaining({ session_id: SESSION, runtime: 'gemini-cli' })]);
    const [first, second] = [0, 1].map((number) => `key:gemini:${SESSION}:${promptId(number)}`);
    // input 1,000 + 5 of tools' prompts + 100 + 300, output 40 + 25 of thoughts + 10 + 20
    expect(runs).toMatchObject([
      {
        ...{ run_id: first, user_id: 'ann@example.com', status: 'SUCCEEDED', model: 'gemini-2.5-pro' },
        ...{ started_at: new Date(at(1)), completed_at: new Date(at(7)) },
        ...{ input_tokens: '1405', output_tokens: '95', cache_read_tokens: '600' },
      },
      {
        ...{
          run_id: second,
          status: 'FAILED',
          failure_category: 'rate_limited',
          error_summary: 'ApiError, status 429',
        },
        ...{ completed_at: new Date(at(63)), input_tokens: null },
      },
    ]);
    expect(calls.map((call) => [call.run_id, call.model, call.phase, call.reasoning_tokens])).toEqual([
      [first, 'gemini-2.5-pro', null, '25'],
      [first, 'gemini-2.5-flash', 'utility_router', '0'],
      [first, 'gemini-2.5-pro', 'subagent', '0'],
    ]);
    expect(tools).toMatchObject([
      {
        ...{ run_id: first, name: 'run_shell_command', status: 'SUCCEEDED', output_bytes: '77' },
        ...{ started_at: new Date(START + 4_500), completed_at: new Date(at(6)) },
      },
      { run_id: second, name: 'write_file', status: 'REJECTED', rejected_by: 'person' },
    ]);
    expect(messages).toHaveLength(3);
  }
});

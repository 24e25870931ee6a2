import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';

const START = Date.parse('2026-03-02T10:00:00.000Z');
const SECOND = 1_000;

let service: TestService;
let nowMs = START;
beforeAll(async () => {
  service = await testService({ clock: () => nowMs });
});
afterAll(() => service.stop());

const COMMON = {
  session_id: 's',
  prompt_id: 'p',
  transcript_path: '/home/ann/x.jsonl',
  cwd: '/work/shop',
  permission_mode: 'default',
};

/** Posts a hook that many seconds after the start. */
async function post(token: string, seconds: number, hook: object, path = 'claude-code'): Promise<void> {
  nowMs = START + seconds * SECOND;
  const { status, body } = await service.request(`/v1/hooks/${path}`, { token, body: hook });
  expect([status, body]).toEqual([200, {}]);
}

async function ask(token: string, query: object): Promise<Record<string, unknown[]>> {
  const body = { from: START - 3_600_000, to: START + 3_600_000, queries: [query] };
  const { body: answer } = await service.request('/v1/query', { token, body });
  const [frame] = answer.results.A.frames as [
    { schema: { fields: { name: string }[] }; data: { values: unknown[][] } },
  ];
  return Object.fromEntries(frame.schema.fields.map(({ name }, index) => [name, frame.data.values[index]!]));
}

test('a prompt and its end: a run with a message, of which no text is stored', async () => {
  const { orgId, token } = await service.newOrganization();
  await post(token, 0, { ...COMMON, hook_event_name: 'UserPromptSubmit', prompt: 'fix the login of bob@example.com' });
  expect((await ask(token, { view: 'runs' })).run).toEqual([]);
  await post(token, 1, {
    ...COMMON,
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_use_id: 't1',
    tool_input: { command: 'secret' },
  });
  await post(token, 4, {
    ...COMMON,
    hook_event_name: 'PostToolUse',
    tool_name: 'Bash',
    tool_use_id: 't1',
    tool_response: 'secret',
    duration_ms: 2_500,
  });
  await post(token, 9, {
    ...COMMON,
    hook_event_name: 'Stop',
    stop_hook_active: false,
    last_assistant_message: 'secret',
  });
  const runs = await ask(token, { view: 'runs' });
  expect([runs.run, runs.status, runs.started_at, runs.completed_at]).toEqual([
    ['key:prompt:s:p'],
    ['SUCCEEDED'],
    [START],
    [START + 9 * SECOND],
  ]);
  expect((await ask(token, { view: 'sessions' })).runtime).toEqual(['claude-code']);
  const { rows } = await service.database.inOrganization(orgId, (tx) =>
    tx.query<{ all: string; tools: unknown }>(
      `
      select
        (select string_agg(data::text, '') from events where org_id = $1) as all,
        (select json_agg(json_build_array(tool_call_id, run_id, status, completed_at - started_at)) from tool_calls where org_id = $1) as tools`,
      [orgId],
    ),
  );
  expect(rows[0]!.all).not.toMatch(/secret|login|bob@/);
  expect(rows[0]!.tools).toEqual([['t1', 'key:prompt:s:p', 'SUCCEEDED', '00:00:02.5']]);
});

test('a failure has its error as category; an end of the session ends what is open', async () => {
  const { token } = await service.newOrganization();
  await post(token, 0, { ...COMMON, hook_event_name: 'UserPromptSubmit', prompt: 'a' });
  await post(token, 5, { ...COMMON, hook_event_name: 'StopFailure', error: 'rate_limit', error_details: '429' });
  await post(token, 60, { ...COMMON, prompt_id: 'q', hook_event_name: 'UserPromptSubmit', prompt: 'b' });
  await post(token, 65, {
    ...COMMON,
    prompt_id: 'q',
    hook_event_name: 'PostToolUse',
    tool_name: 'Edit',
    tool_use_id: 't2',
  });
  await post(token, 90, {
    ...COMMON,
    prompt_id: undefined,
    hook_event_name: 'SessionEnd',
    reason: 'prompt_input_exit',
  });
  const runs = await ask(token, { view: 'runs', direction: 'asc' });
  expect([runs.status, runs.failure_category, runs.completed_at]).toEqual([
    ['FAILED', 'SUCCEEDED'],
    ['rate_limited', null],
    [START + 5 * SECOND, START + 65 * SECOND],
  ]);
});

test('a runner says how its session ended, and what for', async () => {
  const { token } = await service.newOrganization();
  await post(token, 0, { ...COMMON, hook_event_name: 'UserPromptSubmit', prompt: 'a' });
  await post(token, 2, { ...COMMON, hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_use_id: 't3' });
  await post(
    token,
    31,
    { sessionId: 's', exitReason: 'failed', correlationId: 'ABC-12', endedAt: '2026-03-02T10:00:30Z' },
    'runner',
  );
  const runs = await ask(token, { view: 'runs' });
  expect([runs.status, runs.failure_category, runs.completed_at]).toEqual([
    ['FAILED'],
    ['infrastructure'],
    [START + 30 * SECOND],
  ]);
});

test('what is not known, hostile or too large is answered all the same', async () => {
  const { token } = await service.newOrganization();
  for (const hook of [
    { hook_event_name: 'Setup' },
    { hook_event_name: '__proto__' },
    {},
    { ...COMMON, session_id: '\u0000', hook_event_name: 'Stop' },
  ]) {
    await post(token, 0, hook);
  }
  for (const body of ['{', '[]', '5', '']) {
    expect((await service.request('/v1/hooks/claude-code', { method: 'POST', token, body })).status).toBe(200);
  }
  await post(token, 0, { ...COMMON, hook_event_name: 'PostToolUse', tool_response: 'x'.repeat(2_000_000) });
});

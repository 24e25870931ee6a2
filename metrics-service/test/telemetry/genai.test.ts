import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rebuild } from '../../src/ingest/rebuild.js';
import { settleSessions } from '../../src/ingest/settle.js';
import { loadPrices } from '../../src/pricing/index.js';
import { Random } from '../support/random.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';
import { agent, at, type Attributes, chat, id, NESTED, span, START, tool, TRACE } from './genai-spans.js';
import { spansBody, type SentSpan } from './otlp.js';
import { readOrg, type Org } from './reading.js';

const RESOURCE = { 'service.name': 'concierge', 'runboard.stage': 'review' };

let service: TestService;
beforeAll(async () => {
  service = await testService({ clock: () => START + 86_400_000 });
});
afterAll(() => service.stop());

async function send({ token }: Org, spans: readonly SentSpan[]): Promise<Record<string, any>> {
  const { status, body } = await service.request('/v1/traces', { token, body: spansBody(spans, RESOURCE) });
  expect(status).toBe(200);
  return body;
}

async function rebuiltAlike({ orgId }: Org): Promise<void> {
  const before = await tablesOf(service.database, orgId);
  await rebuild(service.database, orgId, loadPrices());
  expect(await tablesOf(service.database, orgId)).toEqual(before);
}

const phases = (calls: Record<string, any>[]): Record<string, unknown> =>
  Object.fromEntries(calls.map(({ call_id: callId, phase }) => [String(callId).replace(/^request:resp_/, ''), phase]));

describe('spans of any agent', () => {
  test('a trace is a run: its outermost agent, its calls by agent, its tool calls; in any order, over several requests', async () => {
    const random = new Random(1);
    let expected: unknown = null;
    for (let round = 0; round < 12; round += 1) {
      const order = round === 0 ? NESTED : round === 1 ? [...NESTED].reverse() : random.some(NESTED, NESTED.length);
      const org = await service.newOrganization();
      const size = random.pick([1, 2, 3, NESTED.length]);
      for (let from = 0; from < order.length; from += size)
        expect(await send(org, order.slice(from, from + size))).toEqual({});
      const { runs, calls, tools, sessions } = await readOrg(service, org);
      expect(runs).toMatchObject([
        {
          ...{ run_id: `key:trace:${TRACE}`, session_id: 'of planner', user_id: 'ann', agent: 'planner' },
          ...{ started_at: at(0), completed_at: at(20), status: 'SUCCEEDED', model: 'gpt-5-2025-08-07' },
          ...{ input_tokens: '1000', output_tokens: '100', cache_read_tokens: '150', cache_write_tokens: '50' },
        },
      ]);
      expect(phases(calls)).toEqual({
        ...{ [id('c1')]: null, [id('c2')]: 'research', [id('c3')]: 'research', [id('c4')]: null },
      });
      expect(calls.every(({ session_id: sessionId }) => sessionId === 'of planner')).toBe(true);
      expect(tools.map(({ name, status, started_at: startedAt }) => [name, status, startedAt])).toEqual([
        ['ask', 'SUCCEEDED', at(4)],
        ['search', 'SUCCEEDED', at(9)],
      ]);
      expect(sessions.find(({ session_id: one }) => one === 'of planner')).toMatchObject({ runtime: 'concierge' });
      const tables = JSON.stringify(await tablesOf(service.database, org.orgId)).replaceAll(org.orgId, 'org');
      expect(tables).toEqual(expected ?? tables);
      expected = tables;
      if (round < 2) await rebuiltAlike(org);
    }
  });

  test('clocks of two machines: parent spans go before times', async () => {
    const org = await service.newOrganization();
    // the remote agent’s clock is an hour ahead
    await send(org, [agent('remote', 'ask', [3_600, 3_605]), chat('c1', 'remote', [3_601, 3_602], [10, 1])]);
    await send(org, [tool('ask', 'local', [1, 9])]);
    await send(org, [agent('local', 'http', [0, 10]), chat('c2', 'local', [9, 10], [20, 2])]);
    const { runs, calls } = await readOrg(service, org);
    expect(runs).toMatchObject([{ agent: 'local', started_at: at(0), completed_at: at(10), input_tokens: '30' }]);
    expect(phases(calls)).toEqual({ [id('c1')]: 'remote', [id('c2')]: null });
  });

  test('agents one after the other are one run: the first begins it, the last ends it', async () => {
    const org = await service.newOrganization();
    const second = { ...agent('second', 'root', [6, 9]), failed: true };
    second.attributes!['error.type'] = 'RateLimitError';
    await send(org, [second, chat('c2', 'second', [7, 8], [2, 2]), chat('c1', 'first', [1, 2], [1, 1])]);
    await send(org, [agent('first', 'root', [0, 5])]);
    const { runs, calls } = await readOrg(service, org);
    expect(runs).toMatchObject([
      {
        ...{ agent: 'first', started_at: at(0), completed_at: at(9), session_id: 'of first' },
        ...{ status: 'FAILED', failure_category: 'rate_limited', error_summary: 'RateLimitError' },
      },
    ]);
    expect(phases(calls)).toEqual({ [id('c1')]: null, [id('c2')]: 'second' });
    await rebuiltAlike(org);
  });

  test('a workflow is the run of its agents', async () => {
    const org = await service.newOrganization();
    const workflow = span('invoke_workflow', 'triage', null, [0, 10], { 'gen_ai.workflow.name': 'triage' });
    await send(org, [agent('a', 'triage', [1, 4]), chat('c1', 'a', [2, 3], [1, 1]), workflow]);
    const { runs, calls } = await readOrg(service, org);
    expect(runs).toMatchObject([{ workflow: 'triage', agent: null, started_at: at(0), completed_at: at(10) }]);
    expect(phases(calls)).toEqual({ [id('c1')]: 'a' });
    expect(runs[0]!.session_id).toBe('of a');
  });

  test('without an agent’s span, calls make a run whose end is derived', async () => {
    const org = await service.newOrganization();
    await send(org, [chat('c2', 'app', [8, 9], [2, 2], { 'session.id': 's-1' })]);
    await send(org, [chat('c1', 'app', [1, 2], [1, 1], { 'session.id': 's-1' }), tool('search', 'app', [3, 4])]);
    const inFlight = await readOrg(service, org);
    expect(inFlight.runs).toMatchObject([
      { session_id: 's-1', started_at: at(1), status: 'IN_FLIGHT', input_tokens: '3' },
    ]);
    expect(await settleSessions(service.database, org.orgId, { prices: loadPrices(), settleMs: 0 })).toBe(1);
    const { runs, tools } = await readOrg(service, org);
    expect(runs).toMatchObject([{ started_at: at(1), completed_at: at(9), status: 'SUCCEEDED' }]);
    expect(tools).toHaveLength(1);
    await rebuiltAlike(org);
    // it comes after all
    await send(org, [agent('late', null, [0, 12])]);
    expect((await readOrg(service, org)).runs).toMatchObject([
      { agent: 'late', session_id: 'of late', started_at: at(0), completed_at: at(12), status: 'SUCCEEDED' },
    ]);
    await rebuiltAlike(org);
  });

  test('a call that failed fails the run, unless an agent says otherwise', async () => {
    const org = await service.newOrganization();
    const failed = span('chat', 'c1', 'app', [1, 2], { 'gen_ai.request.model': 'gpt-5', 'error.type': '503' });
    await send(org, [{ ...failed, failed: true }]);
    await settleSessions(service.database, org.orgId, { prices: loadPrices(), settleMs: 0 });
    expect((await readOrg(service, org)).runs).toMatchObject([
      { status: 'FAILED', failure_category: 'provider_error', error_summary: '503', session_id: TRACE },
    ]);
    await send(org, [agent('app', null, [0, 5])]);
    expect((await readOrg(service, org)).runs).toMatchObject([{ status: 'SUCCEEDED', error_summary: null }]);
  });

  test('former names, the AI SDK, cached tokens beside the input, ids that tell nothing apart', async () => {
    const org = await service.newOrganization();
    const old = (name: string, attributes: Attributes): SentSpan => ({
      ...span('chat', name, 'gen', [1, 2]),
      attributes: { 'gen_ai.request.model': 'm', ...attributes },
    });
    await send(org, [
      {
        ...span('x', 'gen', null, [0, 9]),
        attributes: {
          'ai.operationId': 'ai.generateText',
          'ai.telemetry.functionId': 'fore',
          'ai.usage.inputTokens': 9,
        },
      },
      old('c1', {
        ...{ 'ai.operationId': 'ai.generateText.doGenerate', 'gen_ai.usage.input_tokens': 100 },
        ...{ 'gen_ai.usage.output_tokens': 5, 'ai.usage.cachedInputTokens': 40, 'ai.response.id': 'resp-1' },
      }),
      old('t1', { 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'weather', 'ai.toolCall.id': 'call-1' }),
      old('c2', { 'llm.request.type': 'chat', 'gen_ai.usage.prompt_tokens': 7, 'gen_ai.usage.completion_tokens': 3 }),
      old('c3', {
        ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 1 },
        ...{ 'gen_ai.usage.cache_read.input_tokens': 80, 'gen_ai.usage.cache_creation.input_tokens': 20 },
        ...{ 'gen_ai.response.id': 'chatcmpl-123' },
      }),
    ]);
    const { runs, calls, tools } = await readOrg(service, org);
    expect(runs).toMatchObject([
      { agent: 'fore', input_tokens: '217', cache_read_tokens: '120', cache_write_tokens: '20' },
    ]);
    expect(calls.map(({ call_id: callId, input_tokens: input }) => [callId, input]).sort()).toEqual([
      ['request:resp-1', '100'],
      [`span:${TRACE}:${id('c2')}`, '7'],
      [`span:${TRACE}:${id('c3')}`, '110'],
    ]);
    expect(tools).toMatchObject([{ tool_call_id: `span:${TRACE}:${id('t1')}`, name: 'weather' }]);
  });

  test('what cannot be used is told, what nobody knows is not taken', async () => {
    const org = await service.newOrganization();
    const spans = [
      span('tool_call', 'c1', null, [1, 2]),
      { ...span('chat', 'c2', null, [1, 2]), attributes: { 'http.route': '/' } },
      span('embeddings', 'c3', null, [1, 2], { 'gen_ai.usage.input_tokens': 5 }),
      chat('c4', 'x', [1, 2], [-5, 1]),
      { ...chat('c5', 'x', [1, 2], [5, 1]), traceId: '0'.repeat(32) },
      span('execute_tool', '', null, [1, 2]),
      chat('c6', 'x', [1, 2], [5, 1], { 'gen_ai.request.model': '', 'gen_ai.response.model': '' }),
    ];
    const { partialSuccess } = await send(org, spans);
    expect(partialSuccess).toEqual({
      rejectedSpans: '4',
      errorMessage: 'record 3: gen_ai.usage.input_tokens is no token count',
    });
    const { runs, calls } = await readOrg(service, org);
    expect([runs, calls]).toEqual([[], []]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rebuild } from '../../src/ingest/rebuild.js';
import { loadPrices } from '../../src/pricing/index.js';
import { testService, type TestService } from '../support/service.js';
import { tablesOf } from '../support/tables.js';

/** One run and one call that several sources tell of (design section 4, telemetry.md): worked out by hand. */
let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

const WINDOW = { from: Date.UTC(2026, 1, 1), to: Date.UTC(2026, 1, 2) };
const at = (time: string): string => `2026-02-01T${time}Z`;

let events = 0;
const event = (source: string, type: string, data: object, time?: string) => ({
  ...{ specversion: '1.0', source, id: `e${(events += 1)}`, type },
  ...(time ? { time } : {}),
  data,
});

const KEY = 'prompt:s:p1';
/** What a transcript, telemetry and a hook say of one prompt, and a call that two of them tell of. */
const told = () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 0 };
  return {
    transcript: [
      event('transcript', 'run.started', { runId: 'uuid-9', key: KEY, sessionId: 's', startedAt: at('10:00:00') }),
      event('transcript', 'llm_call.recorded', {
        ...{ callId: 'msg_1', requestId: 'req_1', sessionId: 's', runId: 'uuid-9', at: at('10:01:00') },
        ...{ model: 'claude-opus-4-6', usage },
      }),
      event('transcript', 'message.created', {
        messageId: 'm',
        key: KEY,
        sessionId: 's',
        role: 'user',
        sentAt: at('10:00:00'),
      }),
    ],
    telemetry: [
      event(
        'telemetry',
        'run.started',
        { key: KEY, sessionId: 's', startedAt: at('10:00:01'), userId: 'ann' },
        at('09:59:00'),
      ),
      event('telemetry', 'llm_call.recorded', {
        ...{ callId: 'request:req_1', requestId: 'req_1', key: KEY, at: at('10:01:01'), tier: 'batch' },
        ...{ model: 'claude-opus-4-6', usage: { inputTokens: 999_999, outputTokens: 5 } },
      }),
      event('telemetry', 'message.created', { messageId: 'm2', key: KEY, role: 'agent', sentAt: at('10:02:00') }),
    ],
    hook: [event('hook', 'run.completed', { key: KEY, completedAt: at('10:05:00'), status: 'SUCCEEDED' })],
  };
};

async function organization(sent: object[][]): Promise<{ orgId: string; token: string }> {
  const made = await service.newOrganization();
  for (const batch of sent) await service.accept(made.token, batch);
  return made;
}

async function ask(token: string, query: object): Promise<unknown[][]> {
  const { body } = await service.request('/v1/query', { token, body: { ...WINDOW, queries: [query] } });
  return body.results.A.frames[0].data.values as unknown[][];
}

/** The number of messages of the session. */
async function messagesOf(token: string): Promise<unknown> {
  const queries = [{ refId: 'A', view: 'session', filters: { session: ['s'] } }];
  const { body } = await service.request('/v1/query', { token, body: { ...WINDOW, queries } });
  const [frame] = body.results.A.frames as [{ schema: { fields: { name: string }[] }; data: { values: unknown[][] } }];
  return frame.data.values[frame.schema.fields.findIndex(({ name }) => name === 'messages')];
}

const TOTALS = { view: 'total', metrics: ['runs', 'succeeded_runs', 'input_tokens', 'output_tokens', 'total_cost'] };
const COLUMNS = ['run', 'session', 'user', 'user_id', 'status', 'started_at', 'completed_at'];

async function runsOf(token: string): Promise<unknown[]> {
  const { body } = await service.request('/v1/query', { token, body: { ...WINDOW, queries: [{ view: 'runs' }] } });
  const [frame] = body.results.A.frames as [{ schema: { fields: { name: string }[] }; data: { values: unknown[][] } }];
  const names = frame.schema.fields.map(({ name }) => name);
  return COLUMNS.map((name) => frame.data.values[names.indexOf(name)]![0]);
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((one, index) =>
    permutations([...list.slice(0, index), ...list.slice(index + 1)]).map((rest) => [one, ...rest]),
  );
}

describe('one run, told by three', () => {
  it('is one run, of the transcript’s id, with what all of them say, in every order', async () => {
    const all = told();
    for (const order of permutations([all.transcript, all.telemetry, all.hook])) {
      const { orgId, token } = await organization(order);
      // 1 M input tokens at 5 USD a million, half of it as the telemetry says that it was a batch
      expect(await ask(token, TOTALS)).toEqual([[1], [1], [1_000_000], [0], [2.5]]);
      expect(await runsOf(token)).toEqual([
        'uuid-9',
        's',
        'ann',
        'ann',
        'SUCCEEDED',
        Date.parse(at('10:00:00')),
        Date.parse(at('10:05:00')),
      ]);
      expect(await messagesOf(token)).toEqual([2]);
      const tables = await tablesOf(service.database, orgId);
      await rebuild(service.database, orgId, loadPrices());
      expect(await tablesOf(service.database, orgId)).toEqual(tables);
    }
  });

  it('is hidden where the latest word is that one of them was deleted, and shown again by a later one', async () => {
    const all = told();
    const deleted = event('transcript', 'run.deleted', { runId: 'uuid-9' }, at('11:00:00'));
    const later = event('hook', 'run.progressed', { key: KEY, at: at('11:30:00') });
    for (const order of permutations([[...all.transcript, deleted], all.telemetry, all.hook])) {
      const { token } = await organization(order);
      expect(await ask(token, TOTALS)).toEqual([[0], [0], [0], [0], [0]]);
      await service.accept(token, [later]);
      expect(await ask(token, TOTALS)).toEqual([[1], [1], [1_000_000], [0], [2.5]]);
    }
  });

  it('is one of its key where only that is known, and no run of an id where nobody says the key', async () => {
    const { telemetry, hook } = told();
    const { token } = await organization([telemetry, hook]);
    expect((await runsOf(token))[0]).toBe(`key:${KEY}`);
    expect(await ask(token, TOTALS)).toEqual([[1], [1], [999_999], [5], [2.50006]]);
  });

  it('is as its outermost agent says, also where the last to speak of it knows no agents', async () => {
    const started = (data: object, time: string): object =>
      event('x', 'run.started', { key: 'trace:t', startedAt: at(time), ...data });
    const outer = started({ runId: 'a', sessionId: 's', spanId: '1', userId: 'ann' }, '10:00:00');
    const inner = started({ sessionId: 'inner', spanId: '2', parentSpanId: '1', userId: 'bob' }, '10:01:00');
    const other = event('x', 'run.progressed', { runId: 'b', key: 'trace:t', at: at('10:02:00') });
    for (const order of permutations([outer, inner, other])) {
      const { token } = await organization(order.map((one) => [one]));
      expect((await runsOf(token)).slice(0, 4)).toEqual(['a', 's', 'ann', 'ann']);
    }
  });

  it('comes apart where another key is said later', async () => {
    const all = told();
    const { token } = await organization([all.transcript, all.hook]);
    await service.accept(token, [
      event('transcript', 'run.progressed', { runId: 'uuid-9', key: 'other', at: at('12:00:00') }),
    ]);
    // the hook's run has not started: it belongs to no window
    expect(await ask(token, TOTALS)).toEqual([[1], [0], [1_000_000], [0], [5]]);
  });

  it.each([
    [{ startedAt: at('10:00:00'), sessionId: 's' }, 'data.runId'],
    [{ startedAt: at('10:00:00'), runId: 'r' }, 'data.sessionId'],
    [{ startedAt: at('10:00:00'), key: '' }, 'data.key'],
  ])('%j names it by neither id nor key', async (data, path) => {
    const { body } = await service.request('/v1/events', { body: event('x', 'run.started', data) });
    expect(body.rejected).toMatchObject([{ path }]);
  });
});

describe('one call, told by several', () => {
  const call = (callId: string, more: object = {}) =>
    event('x', 'llm_call.recorded', {
      ...{ callId, sessionId: 's', runId: 'r', at: at('10:00:00'), model: 'mystery' },
      ...{ usage: { inputTokens: 10, outputTokens: callId.length }, ...more },
    });
  const run = event('x', 'run.started', { runId: 'r', sessionId: 's', startedAt: at('09:00:00') });
  const counted = async (calls: object[]) => {
    const seen = new Set<string>();
    for (const order of permutations(calls)) {
      const { token } = await organization([[run], ...order.map((one) => [one])]);
      seen.add(JSON.stringify((await ask(token, { ...TOTALS, metrics: ['output_tokens', 'total_cost'] })).flat()));
    }
    return [...seen].map((text) => JSON.parse(text) as unknown[]);
  };

  it('counts once, as the one that no request names; of several the least id', async () => {
    expect(await counted([call('request:q'), call('msg', { requestId: 'q' })])).toEqual([[3, null]]);
    expect(await counted([call('bb', { requestId: 'q' }), call('a', { requestId: 'q' })])).toEqual([[1, null]]);
    expect(await counted([call('msg'), call('request:msg')])).toEqual([[3, null]]);
  });

  it('is found through others: the first knows the second, the second the third', async () => {
    expect(await counted([call('a', { requestId: 'bb' }), call('bb', { requestId: 'ccc' }), call('ccc')])).toEqual([
      [1, null],
    ]);
  });

  it('takes a cost where the price is unknown', async () => {
    expect(await counted([call('request:q', { costUsd: 0.25 }), call('msg', { requestId: 'q' })])).toEqual([[3, 0.25]]);
    expect(await counted([call('request:q', { costUsd: 0.25 }), call('msg', { requestId: 'q', costUsd: 1 })])).toEqual([
      [3, 1],
    ]);
  });

  it('is that of a visible session', async () => {
    const hidden = event('x', 'session.deleted', { sessionId: 'gone' }, at('12:00:00'));
    const elsewhere = call('a', { requestId: 'q', sessionId: 'gone', runId: undefined });
    expect(await counted([elsewhere, call('msg', { requestId: 'q' }), hidden])).toEqual([[3, null]]);
  });

  it('is that of a run which is known, be it of no session, whatever session the call says', async () => {
    const hidden = event('x', 'session.deleted', { sessionId: 'gone' }, at('12:00:00'));
    const named = { requestId: 'q', sessionId: 'gone', runId: 'late' };
    const late = event('x', 'run.completed', {
      ...{ runId: 'late', startedAt: at('09:00:00'), completedAt: at('11:00:00'), status: 'SUCCEEDED' },
    });
    expect(await counted([call('a', named), call('msg', { requestId: 'q' }), hidden, late])).toEqual([[1, null]]);
  });

  it('stays one where nobody tells of the same request', async () => {
    expect(await counted([call('a', { requestId: 'q' }), call('msg', { requestId: 'other' })])).toEqual([[4, null]]);
  });
});

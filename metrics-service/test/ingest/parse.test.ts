import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES, eventTypes } from '../../src/contract/events.js';
import { parseEvent } from '../../src/ingest/parse.js';

const base = { specversion: '1.0', id: 'e1', source: 's' };
const started = { runId: 'r', sessionId: 's', startedAt: '2026-01-01T00:00:00Z' };
const completed = { runId: 'r', completedAt: '2026-01-01T00:00:00Z', status: 'SUCCEEDED' };
const call = {
  callId: 'c',
  sessionId: 's',
  at: '2026-01-01T00:00:00Z',
  model: 'm',
  usage: { inputTokens: 10, outputTokens: 1 },
};

describe('parseEvent', () => {
  it('takes an event, with its own moment as time where that is missing', () => {
    const { event } = parseEvent({
      ...base,
      type: 'run.started',
      data: { ...started, startedAt: '2026-01-01T01:00:00.0009+01:00' },
    });
    expect(event).toMatchObject({ id: 'e1', source: 's', type: 'run.started', timeMs: 1767225600000 });
  });

  it('keeps further attributes, and reads money exactly', () => {
    const { event } = parseEvent({
      ...base,
      subject: 'x',
      type: 'run.completed',
      data: { ...completed, costUsd: '0.000000001' },
    });
    expect(event).toMatchObject({ attributes: { subject: 'x' }, statement: { values: { reported_cost_nanos: '1' } } });
  });

  it.each<[string, unknown, string, string]>([
    ['no object', 7, '', 'CloudEvent'],
    ['a list', [], '', 'CloudEvent'],
    ['a wrong specversion', { ...base, specversion: '0.3', type: 'run.started', data: started }, 'specversion', '1.0'],
    ['no id', { ...base, id: undefined, type: 'run.started', data: started }, 'id', 'is required'],
    ['an empty id', { ...base, id: '', type: 'run.started', data: started }, 'id', 'empty'],
    ['a NUL in an id', { ...base, id: 'a\0', type: 'run.started', data: started }, 'id', 'NUL'],
    ['half a surrogate pair', { ...base, source: '\ud800', type: 'run.started', data: started }, 'source', 'surrogate'],
    ['a long id', { ...base, id: '😀'.repeat(201), type: 'run.started', data: started }, 'id', '200'],
    ['no type', { ...base, data: started }, 'type', 'is required'],
    ['a number as id', { ...base, id: 7, type: 'run.started', data: started }, 'id', 'must be a text'],
    ['no data', { ...base, type: 'run.started' }, 'data', 'run.started'],
    ['data that is text', { ...base, type: 'run.started', data: '{}' }, 'data', 'JSON object'],
    [
      'a missing member',
      { ...base, type: 'run.started', data: { ...started, sessionId: undefined } },
      'data.sessionId',
      'is required unless the event has a key, by which',
    ],
    [
      'a time without zone',
      { ...base, type: 'run.started', data: { ...started, startedAt: '2026-01-01T00:00:00' } },
      'data.startedAt',
      'RFC 3339',
    ],
    [
      'a time before 2000',
      { ...base, type: 'run.started', data: { ...started, startedAt: '1999-12-31T23:59:59.999Z' } },
      'data.startedAt',
      '2000',
    ],
    [
      'a time after 2100',
      { ...base, time: '2100-01-01T00:00:00Z', type: 'run.started', data: started },
      'time',
      '2100',
    ],
    [
      'a fraction as count',
      { ...base, type: 'run.started', data: { ...started, queueWaitMs: 1.5 } },
      'data.queueWaitMs',
      'integer',
    ],
    [
      'a negative count',
      { ...base, type: 'run.started', data: { ...started, queueWaitMs: -1 } },
      'data.queueWaitMs',
      'integer',
    ],
    [
      'an unknown status',
      { ...base, type: 'run.completed', data: { ...completed, status: 'DONE' } },
      'data.status',
      'SUCCEEDED, FAILED',
    ],
    [
      'an unknown category',
      { ...base, type: 'run.completed', data: { ...completed, failureCategory: 'x' } },
      'data.failureCategory',
      'agent_error',
    ],
    [
      'too much money',
      { ...base, type: 'run.completed', data: { ...completed, costUsd: '1000000.01' } },
      'data.costUsd',
      '1000000',
    ],
    ['negative money', { ...base, type: 'run.completed', data: { ...completed, costUsd: -1 } }, 'data.costUsd', '0'],
    [
      'more passed than run',
      { ...base, type: 'run.completed', data: { ...completed, artifacts: { testsRun: 1, testsPassed: 2 } } },
      'data.artifacts.testsPassed',
      'testsRun',
    ],
    [
      'more cached than input',
      {
        ...base,
        type: 'llm_call.recorded',
        data: { ...call, usage: { ...call.usage, cacheReadTokens: 6, cacheWriteTokens: 5 } },
      },
      'data.usage.inputTokens',
      'cached',
    ],
    [
      'more 1h than written',
      { ...base, type: 'llm_call.recorded', data: { ...call, usage: { ...call.usage, cacheWrite1hTokens: 1 } } },
      'data.usage.cacheWrite1hTokens',
      'cacheWriteTokens',
    ],
    [
      'a fault deep in a list',
      {
        ...base,
        type: 'run.completed',
        data: { ...completed, usage: [{ model: 'm', inputTokens: 1, outputTokens: 'x' }] },
      },
      'data.usage.0.outputTokens',
      'must be a number',
    ],
    ['a user without time', { ...base, type: 'user.upserted', data: { userId: 'u' } }, 'time', 'required'],
    ['a deletion without time', { ...base, type: 'run.deleted', data: { runId: 'r' } }, 'time', 'required'],
    [
      'text over 64 KiB',
      { ...base, type: 'run.completed', data: { ...completed, errorSummary: 'é'.repeat(32_769) } },
      'data.errorSummary',
      '64 KiB',
    ],
  ])('refuses %s, and says where', (_what, item, path, message) => {
    const { fault } = parseEvent(item);
    expect(fault?.path).toBe(path);
    expect(fault?.message).toContain(message);
    expect(fault?.code).toBe('invalid_event');
  });

  it.each(EVENT_TYPES)('says of each member that %s lacks that it is required', (type) => {
    const { data, example } = eventTypes[type];
    const required = Object.entries(data.shape).filter(([, member]) => !member.safeParse(undefined).success);
    for (const [name] of required) {
      const { fault } = parseEvent({
        ...base,
        time: '2026-01-01T00:00:00Z',
        type,
        data: { ...example, [name]: undefined },
      });
      expect(fault).toMatchObject({ path: `data.${name}`, message: expect.stringMatching(/^is required/) });
    }
  });

  it('refuses an unknown type with the list of types', () => {
    const { fault } = parseEvent({ ...base, type: 'toString', data: {} });
    expect(fault).toMatchObject({ code: 'unknown_type', path: 'type' });
    expect(fault?.message).toContain('run.completed');
  });

  it('refuses what nests too deep, without overflowing', () => {
    let data: unknown = {};
    for (let depth = 0; depth < 100_000; depth += 1) data = [data];
    expect(parseEvent({ ...base, type: 'run.started', data: { ...started, data } }).fault?.message).toContain('64');
  });

  it('takes limits exactly', () => {
    expect(parseEvent({ ...base, id: '😀'.repeat(200), type: 'run.started', data: started }).event).toBeDefined();
    const maximal = { ...completed, costUsd: 1_000_000, errorSummary: 'x'.repeat(65_536) };
    expect(parseEvent({ ...base, type: 'run.completed', data: maximal }).event).toBeDefined();
    const usage = { inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: Number.MAX_SAFE_INTEGER };
    expect(parseEvent({ ...base, type: 'llm_call.recorded', data: { ...call, usage } }).event).toBeDefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { fold } from './fold.js';
import { agent, type Members, read, user } from './transcripts.js';

/** model [input incl. cached, output, read, written, written for an hour] of each call, and what ties it to its record. */
function callsOf(...lines: Members[]): Record<string, unknown> {
  const { calls } = fold(read([user('p1', 0, 'go'), ...lines]).events);
  return Object.fromEntries(
    [...calls.values()].map(({ callId, model, usage, requestId, tier }) => {
      const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens } = usage as Members;
      const counts = [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens];
      return [callId, [model, counts, requestId, tier]];
    }),
  );
}

const counts = (input: number, output: number, [five = 0, hour = 0]: number[] = []): Members => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: five + hour,
  cache_creation: { ephemeral_5m_input_tokens: five, ephemeral_1h_input_tokens: hour },
});
const call = (s: number, model: string, usage: Members): Members =>
  agent(`a${s}`, s, 'm1', 'text', [], { requestId: 'req-1', message: { model, usage } });

describe('requests to other models that a call tells of', () => {
  it('an advisor is a call of its own, however often its line is written, without the record’s request', () => {
    const iterations = [
      { type: 'message', ...counts(5, 20) },
      { type: 'advisor_message', model: 'claude-opus-4-7', ...counts(9000, 300), service_tier: 'batch' },
      { type: 'message', ...counts(7, 40) },
      { type: 'advisor_message', model: 'claude-opus-4-7', ...counts(100, 1) },
    ];
    const usage = { ...counts(12, 60), iterations };
    expect(callsOf(call(1, 'claude-sonnet-4-6', usage), call(2, 'claude-sonnet-4-6', usage))).toEqual({
      m1: ['claude-sonnet-4-6', [12, 60, 0, 0, 0], 'req-1', undefined],
      'm1:1': ['claude-opus-4-7', [9000, 300, 0, 0, 0], undefined, 'batch'],
      'm1:3': ['claude-opus-4-7', [100, 1, 0, 0, 0], undefined, undefined],
    });
  });

  const fallback = { type: 'fallback_message', model: 'claude-opus-4-8', ...counts(120, 50, [0, 30]) };
  it.each(['claude-opus-4-8', 'claude-fable-5'])(
    'a refusal is billed if it had any output; the record says %s',
    (model) => {
      const refused = { type: 'message', model: 'claude-fable-5', ...counts(90, 15) };
      const usage = { ...counts(120, 50, [0, 30]), iterations: [refused, fallback] };
      expect(callsOf(call(1, model, usage))).toEqual({
        m1: ['claude-opus-4-8', [150, 50, 0, 30, 30], 'req-1', undefined],
        'm1:0': ['claude-fable-5', [90, 15, 0, 0, 0], undefined, undefined],
      });
      const silent = { ...refused, output_tokens: 0 };
      expect(Object.keys(callsOf(call(1, model, { ...usage, iterations: [silent, fallback] })))).toEqual(['m1']);
      // totals that hold the refused request, too
      const sum = { ...counts(210, 65, [0, 30]), iterations: [refused, fallback] };
      expect(callsOf(call(1, model, sum))).toEqual(callsOf(call(1, model, usage)));
    },
  );

  it('iterations without counts change nothing, but say who answered', () => {
    const iterations = [
      { type: 'message', model: 'claude-fable-5' },
      { type: 'fallback_message', model: 'claude-opus-4-8' },
      5,
    ];
    expect(callsOf(call(1, 'claude-fable-5', { ...counts(12, 60), iterations }))).toEqual({
      m1: ['claude-opus-4-8', [12, 60, 0, 0, 0], 'req-1', undefined],
    });
  });
});

describe('a call’s lines', () => {
  it('one of zeros replaces none with counts; of zeros alone the last holds', () => {
    const [known, zero] = [counts(10, 400), counts(0, 0)];
    expect(callsOf(call(1, 'a', known), call(2, 'b', zero)).m1).toEqual(['a', [10, 400, 0, 0, 0], 'req-1', undefined]);
    expect(callsOf(call(1, 'a', zero), call(2, 'b', zero)).m1).toEqual(['b', [0, 0, 0, 0, 0], 'req-1', undefined]);
  });

  it.each<[string, Members[], number]>([
    ['one iteration’s', [counts(1, 1, [0, 10]), counts(1, 1, [20, 80])], 80],
    ['those of all together', [counts(1, 1, [0, 60]), counts(1, 1, [10, 30])], 90],
    ['nobody’s: as they are, and no more than the sum', [counts(1, 1, [5, 5])], 40],
  ])('parts of what was written that do not fit their sum are %s', (_, parts, hour) => {
    const iterations = parts.map((part) => ({ type: 'message', ...part }));
    const usage = { ...counts(2, 2, [0, 40]), cache_creation_input_tokens: 100, iterations };
    expect(callsOf(call(1, 'a', usage)).m1).toEqual(['a', [102, 2, 0, 100, hour], 'req-1', undefined]);
  });
});

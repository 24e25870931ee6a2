import { describe, expect, it } from '@jest/globals';
import { parseEvent } from '../../src/ingest/parse.js';
import { fold, runsOf } from './fold.js';
import { agent, apiError, interruption, read, result, SESSION, START, turnEnd, user } from './transcripts.js';

describe('a file that grows', () => {
  const lines = [
    user('p1', 0, 'go'),
    agent('a1', 1, 'm1', 'text', [5, 1]),
    agent('a2', 1, 'm1', 'tool', [5, 80]),
    result('r1', 2, { toolUseResult: { filePath: '/a', structuredPatch: [{ lines: ['+x'] }] } }),
    user('c1', 3, '<command-name>/status</command-name>'),
    agent('a3', 4, 'm2', 'text', [6, 1]),
    turnEnd('t1', 5),
    user('p2', 6, 'never mind'),
    user('p3', 7, 'now this'),
    agent('a4', 8, 'm3', 'text', [7, 1]),
    agent('a5', 8, 'm3', 'tool', [7, 90]),
    result('r2', 8, { toolUseResult: { filePath: '/b', structuredPatch: [{ lines: ['-x'] }] } }),
    agent('a6', 9, 'm4', 'tool', [8, 3]),
    interruption('i1', 9),
    user('p4', 12, 'finish'),
    apiError('e1', 13, { error: 'server_error' }),
    agent('a7', 14, 'm5', 'text', [9, 4]),
    turnEnd('t2', 15),
    turnEnd('t3', 15),
    { type: 'ai-title', sessionId: SESSION, aiTitle: 'A day' },
  ];
  const final = fold(read(lines, { withText: true }).events);

  it('gives the same in the end, wherever an earlier import found its end and whatever time it was', () => {
    const hours = [0, 1 / 60, 1, 30, 24 * 30];
    const partial = lines.flatMap((_, end) =>
      hours.map(
        (hour) => read(lines.slice(0, end), { withText: true, nowMs: START + 15_000 + hour * 3_600_000 }).events,
      ),
    );
    expect(runsOf(final)).toHaveLength(4);
    for (const events of partial) expect(fold([...events, ...read(lines, { withText: true }).events])).toEqual(final);
    expect(fold([...partial.flat().reverse(), ...read(lines, { withText: true }).events])).toEqual(final);
  });

  it('every event is one that the service takes, and an id never stands for two contents', () => {
    const byId = new Map<string, string>();
    for (let end = 0; end <= lines.length; end += 1) {
      for (const event of read(lines.slice(0, end)).events) {
        expect(parseEvent(JSON.parse(JSON.stringify(event))).fault).toBeUndefined();
        const text = JSON.stringify(event);
        expect(byId.get(event.id) ?? text).toBe(text);
        byId.set(event.id, text);
      }
    }
  });
});

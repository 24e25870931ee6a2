import { describe, expect, it } from '@jest/globals';
import { parseEvent } from '../../src/ingest/parse.js';
import { fold, runsOf } from './fold.js';
import { agent, at, type Members, read, readBytes, record, SESSION, START, user } from './transcripts.js';

describe('sessions, messages and what is left out', () => {
  const lines = [
    record('progress', 'x', -5),
    user('p1', 0, 'go'),
    agent('a1', 1, 'm1', 'text'),
    user('p2', 1000, 'more'),
    agent('a2', 1001, 'm2', 'text'),
    { type: 'summary', summary: 'Shop' },
  ];

  it('a session starts with its first record; title and texts go along only where asked', () => {
    expect(fold(read(lines).events).sessions.get(SESSION)).toEqual({
      sessionId: SESSION,
      createdByUserId: 'dev@example.com',
      createdAt: at(-5),
      repo: 'shop',
      runtime: 'claude-code',
      branch: 'main',
    });
    const { sessions, messages } = fold(read(lines, { withText: true }).events);
    expect(sessions.get(SESSION)?.title).toBe('Shop');
    expect([...messages.values()].map(({ role, text, userId }) => [role, text, userId])).toEqual([
      ['user', 'go', 'dev@example.com'],
      ['agent', 'Well.', undefined],
      ['user', 'more', 'dev@example.com'],
      ['agent', 'Well.', undefined],
    ]);
    expect(JSON.stringify(read(lines).events)).not.toMatch(/Shop|Well|more/);
  });

  it('since: whole runs from then on, and the session as it is', () => {
    const { sessions, runs, calls: callRows, messages } = fold(read(lines, { sinceMs: START + 500_000 }).events);
    expect(sessions.get(SESSION)?.createdAt).toBe(at(-5));
    expect([...runs.keys()]).toEqual(['p2']);
    expect([...callRows.keys()]).toEqual(['m2']);
    expect([...messages.keys()]).toEqual(['p2', 'a2']);
    expect(read(lines, { sinceMs: START + 5_000_000 }).events).toEqual([]);
  });
});

describe('files as they come', () => {
  const [prompt, answer] = [user('p1', 0, 'go'), agent('a1', 1, 'm1', 'text')];
  const expected = ['p1 12:00:00-12:00:01 SUCCEEDED'];
  const text = (...lines: Members[]) => lines.map((line) => JSON.stringify(line)).join('\n');

  it('a byte order mark, Windows line ends, empty lines, no line end at the end, any cut of the bytes', () => {
    const bytes = Buffer.from(
      `\uFEFF${text({ ...prompt, message: { content: 'grüß 👋' } }, answer).replaceAll('\n', '\r\n\r\n')}`,
    );
    for (const chunk of [1, 7, 64, 100_000]) {
      const { events, problems } = readBytes(bytes, {}, chunk);
      expect(runsOf(fold(events))).toEqual(expected);
      expect(problems.count).toBe(0);
    }
  });

  it('two objects on one line, and one behind another that was cut off', () => {
    expect(runsOf(fold(read([JSON.stringify(prompt) + JSON.stringify(answer)]).events))).toEqual(expected);
    const cut = JSON.stringify(user('p0', 0, 'cut { here " and')).slice(0, -30);
    const { events, problems } = read([cut + JSON.stringify(prompt), answer]);
    expect(runsOf(fold(events))).toEqual(expected);
    expect(problems.named).toEqual([{ file: 'shop.jsonl', line: 1, reason: 'is only partly JSON' }]);
  });

  it('what is no JSON is counted and named, up to a hundred', () => {
    const { events, problems } = read(['// note', '[1, 2]', '42', '2026-03-01 INFO {"type":"x"}', prompt, answer]);
    expect(runsOf(fold(events))).toEqual(expected);
    expect(problems.named.map(({ line, reason }) => [line, reason])).toEqual([
      [1, 'is not JSON'],
      [2, 'is JSON, but not an object'],
      [3, 'is JSON, but not an object'],
      [4, 'is not JSON'],
    ]);
    const many = read(Array.from({ length: 250 }, () => 'log')).problems;
    expect([many.count, many.named.length]).toEqual([250, 100]);
  });

  it('ids too long or that cannot be stored, missing uuids, sessions and times, years nobody lives in', () => {
    const long = 'x'.repeat(300);
    const strange = [
      { ...prompt, uuid: long, sessionId: `${long}s` },
      { ...agent('b1', 1, 'm\u0000', 'text'), sessionId: `${long}s` },
      { ...user('', 2, 'more'), uuid: undefined, sessionId: undefined },
      {
        ...agent('b2', 3, long, 'text', [1, 1], { message: { model: long } }),
        timestamp: '1970-01-01T00:00:00Z',
        sessionId: null,
      },
      { ...agent('b3', 4, 'm3', 'text', [1, 1], { message: { model: '', content: 'plain' } }), timestamp: undefined },
      { type: 'user', message: { content: [null, 5, { type: 'text', text: 7 }] } },
      { type: 'assistant', message: null },
      { type: 'assistant', message: { id: 5, usage: 'x', content: {} } },
      { type: 'user', uuid: 5, timestamp: 'yesterday', message: 'hello' },
      { type: 5 },
      {},
    ];
    const { events } = read(strange);
    for (const event of events) expect(parseEvent(JSON.parse(JSON.stringify(event))).fault).toBeUndefined();
    const folded = fold(events);
    expect(folded.calls.size).toBe(3);
    expect(folded.runs.size).toBe(2);
    expect(folded.calls.get('m3')).toMatchObject({ at: at(2), model: 'unknown' });
  });

  it('nothing of use: no event', () => {
    expect(read([record('attachment', 'x', 0), { type: 'summary', summary: 'x' }]).events).toEqual([]);
    expect(read([agent('a', 1, 'm', 'text', [1, 1], { timestamp: 'never' })]).problems.named).toMatchObject([
      { line: 1, reason: 'a call without a readable timestamp' },
    ]);
  });
});

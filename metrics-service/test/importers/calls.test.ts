import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fold, runsOf } from './fold.js';
import { agent, at, type Members, read, readFolder, record, result, SESSION, START, user } from './transcripts.js';

const MONTH_LATER = START + 24 * 30 * 3_600_000;
const calls = (lines: (Members | string)[]) => [...fold(read(lines).events).calls.values()];

describe('calls', () => {
  it('one call per message.id, the last line’s usage, the first line’s moment', () => {
    const lines = [
      user('p1', 0, 'go'),
      agent('a1', 1, 'm1', 'text', [3, 1, 100, 50, 20]),
      agent('a2', 2, 'm1', 'tool', [3, 44, 100, 50, 20]),
      result('r', 3),
      agent('a3', 4, 'm1', 'tool', [3, 60, 100, 50, 20]),
    ];
    expect(calls(lines)).toEqual([
      {
        callId: 'm1',
        sessionId: SESSION,
        runId: 'p1',
        at: at(1),
        model: 'claude-opus-5',
        usage: {
          inputTokens: 153,
          outputTokens: 60,
          cacheReadTokens: 100,
          cacheWriteTokens: 50,
          cacheWrite1hTokens: 20,
        },
      },
    ]);
  });

  it('not: synthetic ones, records without usage, progress records', () => {
    const nested = agent('n', 1, 'm9', 'text');
    expect(
      calls([
        user('p1', 0, 'go'),
        agent('a1', 1, 'm1', 'text', [1, 1], { message: { model: '<synthetic>' } }),
        agent('a2', 2, 'm2', 'text', [1, 1], { message: { usage: undefined } }),
        record('progress', 'x', 3, { data: { message: nested } }),
      ]),
    ).toEqual([]);
  });

  it('a reported cost goes along', () => {
    expect(calls([user('p', 0, 'go'), agent('a', 1, 'm', 'text', [1, 1], { costUSD: 0.0123 })])[0]?.costUsd).toBe(
      0.0123,
    );
    expect(
      calls([user('p', 0, 'go'), agent('a', 1, 'm', 'text', [1, 1], { costUSD: -1 })])[0]?.costUsd,
    ).toBeUndefined();
  });

  it('what their price depends on goes along, the standard left out', () => {
    const terms = (usage: object) => {
      const counts = { input_tokens: 1, output_tokens: 1 };
      const message = { usage: { ...counts, ...usage } };
      const [call] = calls([user('p', 0, 'go'), agent('a', 1, 'm', 'text', [], { message })]);
      return [call?.tier, call?.speed, call?.region, call?.webSearches];
    };
    const standard = { speed: 'standard', service_tier: 'standard', inference_geo: 'not_available' };
    const searched = { server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 } };
    const none = [undefined, undefined, undefined, undefined];
    expect(terms({ ...standard, server_tool_use: { web_search_requests: 0 } })).toEqual(none);
    expect(terms({ speed: 'normal', service_tier: 'default', inference_geo: 'global' })).toEqual(none);
    expect(terms({ speed: '', service_tier: null, inference_geo: 7, server_tool_use: 'x' })).toEqual(none);
    expect(terms({ speed: 'fast', service_tier: 'batch', inference_geo: 'us', ...searched })).toEqual([
      'batch',
      'fast',
      'us',
      2,
    ]);
  });

  it('counts may be texts or missing; one that is no count leaves the line’s usage out and is named', () => {
    const odd = (usage: unknown) => [user('p', 0, 'go'), agent('a', 1, 'm', 'text', [], { message: { usage } })];
    expect(
      calls(odd({ input_tokens: '12', output_tokens: null, cache_creation: { ephemeral_1h_input_tokens: 5 } })),
    ).toMatchObject([
      { usage: { inputTokens: 17, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 5, cacheWrite1hTokens: 5 } },
    ]);
    for (const input of [-1, 1.5, 1e300, '1e3', {}, true, Number.MAX_SAFE_INTEGER]) {
      const { events, problems } = read(odd({ input_tokens: input, cache_read_input_tokens: 7 }));
      expect(events.filter(({ type }) => type === 'llm_call.recorded')).toEqual([]);
      expect(problems.named).toMatchObject([{ file: 'shop.jsonl', line: 2, reason: expect.stringMatching(/^usage/) }]);
    }
  });

  it('sidechains of old files belong to the run they stand in, and never end it', () => {
    const side = { isSidechain: true };
    const lines = [
      user('p1', 0, 'go'),
      agent('a1', 1, 'm1', 'tool'),
      user('s1', 2, 'look', side),
      agent('s2', 3, 'm2', 'text', [1, 1], side),
      result('r', 4),
      agent('a2', 5, 'm3', 'text'),
    ];
    expect(calls(lines).map(({ callId, runId }) => [callId, runId])).toEqual([
      ['m1', 'p1'],
      ['m2', 'p1'],
      ['m3', 'p1'],
    ]);
    expect(read(lines).events.filter(({ type }) => type === 'message.created')).toHaveLength(2);
  });
});

describe('copies in resumed and forked files', () => {
  const original = [
    user('p1', 0, 'go'),
    agent('a1', 1, 'm1', 'tool', [5, 9]),
    result('r1', 2),
    agent('a2', 3, 'm2', 'text'),
  ];
  const resumed = [
    user('p1', 0, 'go'),
    agent('a1', 100, 'm1', 'tool', [5, 1], { sessionId: 'session-2' }),
    user('p2', 110, 'on', { sessionId: 'session-2' }),
    agent('a3', 111, 'm3', 'text', [1, 1], { sessionId: 'session-2' }),
  ];
  const fork = { sessionId: 'session-3', forkedFrom: { sessionId: SESSION, messageUuid: 'x' } };
  const forked = [
    user('p1', 0, 'go', fork),
    agent('a1', 1, 'm1', 'tool', [5, 2], fork),
    user('p3', 50, 'other way', { sessionId: 'session-3' }),
    agent('a4', 51, 'm4', 'text', [1, 1], { sessionId: 'session-3' }),
  ];

  it('the original’s events win, in any order', () => {
    const files = [original, resumed, forked].map((lines) => read(lines).events);
    for (const order of [files, files.toReversed(), [...files, ...files]]) {
      const folded = fold(order.flat());
      expect(runsOf(folded)).toEqual([
        'p1 12:00:00-12:00:03 SUCCEEDED',
        'p3 12:00:50-12:00:51 SUCCEEDED',
        'p2 12:01:50-12:01:51 SUCCEEDED',
      ]);
      expect(folded.runs.get('p1')?.sessionId).toBe(SESSION);
      expect(folded.calls.get('m1')).toMatchObject({ sessionId: SESSION, at: at(1), usage: { outputTokens: 9 } });
      expect([...folded.sessions.keys()].sort()).toEqual([SESSION, 'session-2', 'session-3']);
    }
  });

  it('are dated a millisecond before the prompt', () => {
    const events = [...read(resumed).events, ...read(forked).events];
    const ofRun = events.filter(({ data }) => data.runId === 'p1' && data.sessionId !== SESSION);
    expect(ofRun.map(({ time }) => time)).toEqual(ofRun.map(() => at(-0.001)));
    expect(ofRun.length).toBeGreaterThan(2);
  });
});

describe('subagents', () => {
  const folders: string[] = [];
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'transcripts-'));
    folders.push(folder);
    return folder;
  };
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
  const side = (lines: Members[]) => lines.map((line) => ({ ...line, isSidechain: true }));
  const first = side([
    user('s1', 11, 'look'),
    agent('s2', 12, 'm11', 'tool'),
    result('s3', 13),
    agent('s4', 14, 'm12', 'text'),
  ]);
  const second = side([user('s5', 5, 'look'), agent('s6', 6, 'm21', 'text')]);
  const write = (folder: string, name: string, lines: Members[]) =>
    writeFileSync(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

  it('beside their main file: only calls, which the service attaches by time', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, SESSION, 'subagents'), { recursive: true });
    write(folder, `${SESSION}.jsonl`, [user('p1', 0, 'go'), agent('a1', 1, 'm1', 'text')]);
    write(join(folder, SESSION, 'subagents'), 'agent-1.jsonl', first);
    write(folder, 'agent-2.jsonl', second);
    const events = await readFolder(folder, MONTH_LATER);
    expect([...fold(events).calls.values()].map(({ callId, runId }) => [callId, runId])).toEqual([
      ['m1', 'p1'],
      ['m21', undefined],
      ['m11', undefined],
      ['m12', undefined],
    ]);
    expect(runsOf(fold(events))).toEqual(['p1 12:00:00-12:00:01 SUCCEEDED']);
  });

  it('without it: one run, from the first call of any of them to the last record', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, SESSION, 'subagents'), { recursive: true });
    write(join(folder, SESSION, 'subagents'), 'agent-1.jsonl', first);
    write(join(folder, SESSION, 'subagents'), 'agent-2.jsonl', second);
    const folded = fold(await readFolder(folder, MONTH_LATER));
    expect([...folded.runs.keys()]).toEqual([`${SESSION}:start`]);
    expect(runsOf(folded)[0]).toContain('12:00:06-12:00:14 SUCCEEDED');
    expect(new Set([...folded.calls.values()].map(({ runId }) => runId))).toEqual(new Set([`${SESSION}:start`]));
    expect(folded.sessions.size).toBe(0);
  });
});

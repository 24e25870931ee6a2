import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { importCodex } from '../../src/importers/codex/index.js';
import { Owners } from '../../src/importers/codex/owners.js';
import type { ImportedEvent } from '../../src/importers/events.js';
import { Problems } from '../../src/importers/problems.js';
import { fold, runsOf } from './fold.js';
import {
  at,
  completed,
  context,
  count,
  event,
  item,
  type Members,
  meta,
  readRollout,
  SESSION,
  started,
  toBytes,
  TURN,
  T1,
  T2,
} from './rollouts.js';
import type { Reading } from './rollouts.js';

const read = (lines: (Members | string)[], reading: Reading = {}) => readRollout(toBytes(lines), reading);
const folded = (lines: (Members | string)[], reading: Reading = {}) => fold(read(lines, reading).events);
const calls = (lines: (Members | string)[]) => [...folded(lines).calls.values()];
/** [input, cached, output, reasoning] of each call */
const steps = (lines: (Members | string)[]) =>
  calls(lines).map(({ usage }) => {
    const { inputTokens, cacheReadTokens, outputTokens, reasoningTokens } = usage as Record<string, number>;
    return [inputTokens, cacheReadTokens, outputTokens, reasoningTokens];
  });
const runs = (lines: (Members | string)[], reading: Reading = {}) => runsOf(folded(lines, reading));

describe('turns without ids', () => {
  it('begin with task_started', () => {
    const lines = [
      meta(0),
      event('task_started', 1),
      item(2),
      event('task_complete', 3),
      event('task_started', 5),
      item(6),
      event('turn_aborted', 7),
    ];
    expect([...folded(lines).runs.values()].map(({ startedAt, status }) => [startedAt, status])).toEqual([
      [at(1), 'SUCCEEDED'],
      [at(5), 'CANCELED'],
    ]);
  });

  it('have the id of the turn_context behind it', () => {
    expect(runs([meta(0), event('task_started', 1), context(2, T1), item(3), event('task_complete', 4)])).toEqual([
      'a1a1a1a1 12:00:01-12:00:04 SUCCEEDED',
    ]);
  });

  it('begin with the prompt in the oldest files; an answer ends them', () => {
    const said = (s: number) => event('agent_message', s, { message: 'Yes.' });
    const prompt = (s: number) => event('user_message', s, { message: 'go', kind: 'plain' });
    const lines = [meta(0), prompt(1), context(1), said(3), prompt(10), context(10), item(12), prompt(20), said(22)];
    expect([...folded(lines).runs.values()].map(({ startedAt, status }) => [startedAt, status])).toEqual([
      [at(1), 'SUCCEEDED'],
      [at(10), 'CANCELED'],
      [at(20), 'SUCCEEDED'],
    ]);
  });
});

describe('a fork', () => {
  const own = { id: 'thread-2', timestamp: at(100), forked_from_id: SESSION };
  /** its own turn, behind a parent's count of 250 */
  const work = (s: number, id: string) => [
    started(s, id),
    context(s, id),
    event('token_count', s, { info: null }),
    item(s + 1),
    count(s + 2, [350, 200, 60, 9], [100, 60, 30, 0]),
    completed(s + 3, id),
  ];
  const own2 = { runId: T2, sessionId: 'thread-2', usage: { inputTokens: 100, outputTokens: 30 } };
  const restamped = TURN.map((line) => ({ ...line, timestamp: at(100) }));

  it.each<[string, Members[], Reading]>([
    ['before its own beginning', [meta(100, own), ...TURN, ...work(110, T2)], {}],
    ['without saying that it is one', [meta(100, { ...own, forked_from_id: null }), ...TURN, ...work(110, T2)], {}],
    ['after the parent’s history', [...TURN, meta(100, own), ...work(110, T2)], {}],
  ])('that has the parent’s history %s counts its own', (_, lines, reading) => {
    const { runs, calls } = folded(lines, reading);
    expect([...calls.values()].filter(({ sessionId }) => sessionId === 'thread-2')).toMatchObject([own2]);
    expect(runs.get(T2)).toMatchObject({ sessionId: 'thread-2', status: 'SUCCEEDED' });
    expect(fold([...read(TURN).events, ...read(lines, reading).events]).calls.size).toBe(3);
  });

  it('that stamps the history anew knows its parent’s turns, once they were read', () => {
    const owners = new Owners();
    const parent = read(TURN, { owners }).events;
    const fork = read([meta(100, own), ...restamped, ...work(101, T2)], { owners }).events;
    expect([...fold(fork).calls.values()]).toMatchObject([own2]);
    expect(fold(fork).sessions.get('thread-2')).toMatchObject({ parentSessionId: SESSION, createdAt: at(100) });
    const both = fold([...fork, ...parent]);
    expect([both.runs.size, both.calls.size, both.messages.size]).toEqual([2, 3, 2]);
  });

  it('is read after its parent, whatever their files are called', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forks-'));
    writeFileSync(join(folder, 'a.jsonl'), toBytes([meta(100, own), ...restamped, ...work(101, T2)]));
    writeFileSync(join(folder, 'b.jsonl'), toBytes(TURN));
    const options = { userId: null, repoOf: () => null, withText: false, clock: Date.now, problems: new Problems() };
    const events: ImportedEvent[] = [];
    for await (const some of importCodex({ ...options, paths: [folder] })) events.push(...some);
    rmSync(folder, { recursive: true });
    const { calls, runs } = fold(events);
    expect([...calls.values()].map(({ sessionId }) => sessionId)).toEqual([SESSION, SESSION, 'thread-2']);
    expect(runs.get(T1)).toMatchObject({ sessionId: SESSION, startedAt: at(1), completedAt: at(11) });
  });

  it('knows them by their age, too, where ids say when they were made', () => {
    const uuid = (s: number) =>
      Date.parse(at(s))
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-') + '-7000-8000-000000000001';
    const history = JSON.parse(JSON.stringify(restamped).replaceAll(`"${T1}"`, `"${uuid(1)}"`)) as Members[];
    const fork = folded([meta(100, { ...own, id: uuid(100) }), ...history, ...work(100.2, uuid(100.2))]);
    expect([...fork.runs.keys()]).toEqual([uuid(100.2)]);
    expect([...fork.calls.values()]).toMatchObject([{ usage: own2.usage }]);
  });

  it('without turns: what was written within a second of its beginning is the copy', () => {
    const counts = [count(100.1, [100, 0, 10]), count(100.2, [250, 0, 20]), count(130, [300, 0, 25], [50, 0, 5])];
    expect(steps([meta(100, own), ...counts])).toEqual([[50, 0, 5, 0]]);
  });

  it('counts its own where its count begins anew, and where it begins with the parent’s', () => {
    const anew = [started(101, T2), item(102), count(103, [900, 0, 50], [900, 0, 50]), completed(104, T2)];
    expect(steps([meta(100, own), ...TURN, ...anew])).toEqual([[900, 0, 50, 0]]);
    const inherited = [
      started(101, T2),
      count(102, [5000, 0, 500], [70, 0, 7]),
      item(103),
      count(104, [5040, 0, 504], [40, 0, 4]),
    ];
    expect(steps([meta(100, own), ...inherited])).toEqual([[40, 0, 4, 0]]);
  });
});

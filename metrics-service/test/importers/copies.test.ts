import { describe, expect, it } from '@jest/globals';
import { PromptIds } from '../../src/importers/claude-code/prompt-ids.js';
import { fold, runsOf } from './fold.js';
import { agent, at, type Members, read, record, result, user } from './transcripts.js';

const edit = (uuid: string, s: number, file: string): Members =>
  result(uuid, s, { toolUseResult: { filePath: file, structuredPatch: [{ lines: ['+new'] }] } });
const inSession = (sessionId: string, lines: Members[], more: Members = {}): Members[] =>
  lines.map((line) => ({ ...line, sessionId, ...more }));
const stamped = (lines: Members[], sessionId: string): Members[] =>
  lines.map((line) => ({ ...line, sessionId, forkedFrom: { sessionId: 'original', messageUuid: line.uuid } }));

/** The events of files, each of a session, read in this order and in the other, come to the same. */
function foldFiles(...files: Members[][]): ReturnType<typeof fold> {
  const events = files.map((lines) => read(lines).events);
  const folded = fold(events.flat());
  expect(fold(events.toReversed().flat())).toEqual(folded);
  expect(fold([...events.flat(), ...events.flat()])).toEqual(folded);
  return folded;
}

describe('a record that is written down again in its file', () => {
  const first = [
    user('p1', 0, 'go'),
    agent('a1', 10, 'm1', 'tool'),
    edit('r1', 11, 'a'),
    agent('a2', 20, 'm2', 'text'),
  ];
  const second = [user('p2', 100, 'more'), agent('a3', 110, 'm3', 'text')];

  it('moves no end, opens and closes no run, and adds no line', () => {
    const last = [user('p3', 300, 'last'), agent('a4', 310, 'm4', 'text')];
    const { runs, calls, messages } = fold(read([...first, ...second, ...first, ...second, ...last]).events);
    expect(runsOf(fold(read([...first, ...second, ...first, ...second, ...last]).events))).toEqual([
      'p1 12:00:00-12:00:20 SUCCEEDED',
      'p2 12:01:40-12:01:50 SUCCEEDED',
      'p3 12:05:00-12:05:10 SUCCEEDED',
    ]);
    expect(runs.get('p1')?.artifacts).toMatchObject({ linesAdded: 1 });
    expect(runs.get('p2')?.artifacts).toBeUndefined();
    expect([calls.size, messages.size]).toEqual([4, 6]);
  });

  it('also in the middle of a run, and as a branch that its tool wrote with another version', () => {
    const again = inSession('session-1', first, { version: '9.9.9', gitBranch: 'other' });
    const lines = [...first, user('p2', 100, 'more'), agent('a3', 110, 'm3', 'tool'), ...again, edit('r3', 115, 'b')];
    const folded = fold(read([...lines, agent('a5', 120, 'm5', 'text')]).events);
    expect(runsOf(folded)).toEqual(['p1 12:00:00-12:00:20 SUCCEEDED', 'p2 12:01:40-12:02:00 SUCCEEDED']);
    expect(folded.runs.get('p2')?.artifacts).toMatchObject({ filesChanged: 1, linesAdded: 1 });
    expect(folded.sessions.get('session-1')?.branch).toBe('main');
  });
});

describe('a branch', () => {
  const original = inSession('original', [
    user('p1', 0, 'go'),
    agent('a1', 10, 'm1', 'text'),
    user('p2', 100, 'more'),
    agent('a2', 110, 'm2', 'tool'),
    edit('r2', 111, 'a'),
    agent('a3', 120, 'm3', 'text'),
  ]);
  const own = inSession('branch', [user('p3', 300, 'else'), agent('a4', 310, 'm4', 'text')]);
  const plain = inSession('branch', original, { version: '9.9.9', gitBranch: 'other' });
  const all = stamped(original, 'branch');
  const mix = (first: number): Members[] => plain.map((line, index) => (index % 2 === first ? all[index]! : line));

  it.each<[string, Members[]]>([
    ['stamped', [...all, ...own]],
    ['stamped, then again without a stamp', [...all, ...plain, ...own]],
    ['with stamps on prompts and every second record', [...mix(0), ...own]],
    ['with stamps on what the agent did alone', [...mix(1), ...own]],
    ['again with its own, without a stamp', [...all, ...own, ...plain, ...own]],
    ['in the middle of a run', [...all.slice(0, 4), ...plain.slice(0, 4), ...own]],
  ])('%s: the original session keeps its runs, calls and messages', (_, lines) => {
    const { runs, calls, messages } = foldFiles(original, lines);
    expect(Object.fromEntries([...runs].map(([id, { sessionId }]) => [id, sessionId]))).toEqual({
      p1: 'original',
      p2: 'original',
      p3: 'branch',
    });
    expect(runs.get('p2')).toMatchObject({ completedAt: at(120), artifacts: { linesAdded: 1 } });
    expect([...calls.values()].map(({ callId, sessionId }) => [callId, sessionId].join(' ')).sort()).toEqual([
      'm1 original',
      'm2 original',
      'm3 original',
      'm4 branch',
    ]);
    expect([...messages.values()].filter(({ sessionId }) => sessionId === 'branch')).toHaveLength(2);
  });

  it('whose original is gone has the runs itself', () => {
    const { runs } = foldFiles([...all, ...own]);
    expect([...runs.values()].map(({ sessionId }) => sessionId)).toEqual(['branch', 'branch', 'branch']);
  });

  it('a session that another session’s file tells of is as its own file says', () => {
    const copy = [...inSession('session-1', original, { gitBranch: 'other' }), ...own];
    const events = [
      read(copy, { file: 'branch' }).events,
      read(inSession('session-1', original), { file: 'session-1' }).events,
    ];
    for (const order of [events, events.toReversed()]) {
      expect(fold(order.flat()).sessions.get('session-1')).toMatchObject({ branch: 'main' });
    }
  });
});

describe('what looks like a transcript and is none', () => {
  const lines = [user('p1', 0, 'go'), agent('a1', 10, 'm1', 'text', [5, 50])];
  const undated = (line: Members): Members => ({ ...line, timestamp: undefined, sessionId: undefined });

  it('a copy without timestamps of its own says nothing, or what any transcript knows better', () => {
    const other = agent('a1', 10, 'm1', 'text', [999, 999]);
    const audit = [record('system', 'x', 5000), ...[user('p1', 0, 'go'), other].map(undated)];
    const { calls, runs } = foldFiles(lines, audit);
    expect(calls.get('m1')).toMatchObject({ at: at(10), sessionId: 'session-1', usage: { inputTokens: 5 } });
    expect(runsOf({ ...fold([]), runs })).toEqual(['p1 12:00:00-12:00:10 SUCCEEDED']);
    const nothing = read([user('p1', 0, 'go'), other].map(undated));
    expect(nothing.events).toEqual([]);
  });

  it('ids that are no UUIDs are another session’s, where they are of another time', () => {
    const promptIds = new PromptIds();
    const [one, two] = ['one', 'two'].map((name, index) =>
      read(inSession(name, [user('1', 100 * index, 'go'), agent(`a${index}`, 100 * index + 1, `m${index}`, 'text')]), {
        promptIds,
      }),
    );
    expect([...fold([...one!.events, ...two!.events]).runs.keys()]).toEqual(['1', 'two:1']);
  });
});

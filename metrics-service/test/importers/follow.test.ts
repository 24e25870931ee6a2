import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claudeCodeSource, importClaudeCode } from '../../src/importers/claude-code/index.js';
import { codexSource, importCodex } from '../../src/importers/codex/index.js';
import type { ImportedEvent } from '../../src/importers/events.js';
import { follow } from '../../src/importers/follow.js';
import type { ImportOptions } from '../../src/importers/import-options.js';
import { Problems } from '../../src/importers/problems.js';
import { fold } from './fold.js';
import { context, count, event, item, type Members, meta, T1 } from './rollouts.js';
import { agent, result, user } from './transcripts.js';

let folder: string;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'follow-'));
  nowMs = Date.now();
});
afterEach(() => rmSync(folder, { recursive: true }));

const ROLLOUT = [
  meta(0),
  event('task_started', 1, { turn_id: T1 }),
  context(1, T1),
  item(2),
  count(3, [100, 0, 10]),
  item(4),
  count(5, [300, 0, 30]),
  event('task_complete', 6, { turn_id: T1, last_agent_message: 'Done.' }),
];
const TRANSCRIPT = [
  user('p1', 0, 'go'),
  agent('a1', 1, 'm1', 'text', [3, 1]),
  agent('a2', 2, 'm1', 'tool', [3, 44]),
  result('r', 3),
  agent('a3', 4, 'm2', 'text', [5, 6], { message: { stop_reason: 'end_turn' } }),
];
const textOf = (lines: Members[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

function optionsOf(problems = new Problems()) {
  const nothing = { withText: false, repoOf: () => null };
  return { ...nothing, paths: [folder], userId: 'dev@example.com', clock: () => nowMs, problems };
}

interface Followed {
  /** after each look, what it found */
  looks: ImportedEvent[][];
  events: ImportedEvent[];
  problems: Problems;
}

/** The files that following has named so far. */
let problemsNow: () => string[];

/** Follows the folder; each step is taken between two looks. */
async function followed(
  kind: 'claude-code' | 'codex',
  steps: (() => void)[],
  more: Partial<ImportOptions> = {},
): Promise<Followed> {
  const problems = new Problems();
  problemsNow = () => problems.named.map(({ file }) => file);
  const stop = new AbortController();
  const waiting = [...steps];
  const sleep = async (): Promise<void> => {
    const step = waiting.shift();
    if (step) step();
    else stop.abort();
  };
  const how = { clock: () => nowMs, problems, signal: stop.signal, sleep };
  const options = { ...optionsOf(problems), ...more };
  const source = kind === 'codex' ? follow(codexSource(options), how) : follow(claudeCodeSource(options), how);
  const looks: ImportedEvent[][] = [[]];
  for await (const some of source) {
    if (some) looks.at(-1)!.push(...some);
    else looks.push([]);
  }
  return { looks, events: looks.flat(), problems };
}

async function imported(kind: 'claude-code' | 'codex'): Promise<ReturnType<typeof fold>> {
  const events: ImportedEvent[] = [];
  const all = kind === 'codex' ? importCodex(optionsOf()) : importClaudeCode(optionsOf());
  for await (const some of all) events.push(...some);
  return fold(events);
}

const names = { codex: 'rollout-2026-03-01T12-00-00-thread-1.jsonl', 'claude-code': 'session-1.jsonl' };
const lines = { codex: ROLLOUT, 'claude-code': TRANSCRIPT };

describe.each(['codex', 'claude-code'] as const)('following %s', (kind) => {
  const path = () => join(folder, names[kind]);
  const text = textOf(lines[kind]);
  const half = Math.floor(text.length / 2);

  it('comes to what an import gives, however the file grows', async () => {
    writeFileSync(path(), '');
    const pieces = text.match(/[^]{1,101}/g) ?? [];
    const { events, problems } = await followed(
      kind,
      pieces.map((piece) => () => appendFileSync(path(), piece)),
    );
    expect(fold(events)).toEqual(await imported(kind));
    expect(problems.count).toBe(0);
  });

  it('knows each call at the next look, also where its line has no end yet', async () => {
    writeFileSync(path(), '');
    const written = lines[kind].map((line) => () => appendFileSync(path(), `${JSON.stringify(line)}`));
    const ends = lines[kind].map(() => () => appendFileSync(path(), '\n'));
    const { events, problems } = await followed(
      kind,
      written.flatMap((write, index) => [write, ends[index]!]),
    );
    expect(fold(events)).toEqual(await imported(kind));
    expect(problems.count).toBe(0);
    const before = await followed(kind, []);
    appendFileSync(path(), '# no JSON\n');
    const { problems: named } = await followed(kind, []);
    expect(named.named).toMatchObject([{ line: lines[kind].length + 1 }]);
    expect(fold(before.events)).toEqual(fold(events));
  });

  it('reads a torn last line once nothing has come for minutes', async () => {
    const [last] = lines[kind].slice(-1);
    writeFileSync(path(), `${textOf(lines[kind].slice(0, -1))}\0${JSON.stringify(last)}`);
    utimesSync(path(), new Date(nowMs - 6 * 60_000), new Date(nowMs - 6 * 60_000));
    expect(fold((await followed(kind, [() => undefined])).events)).toEqual(await imported(kind));
  });

  it('says nothing again while nothing changes', async () => {
    writeFileSync(path(), text);
    const nothing = () => undefined;
    const { events } = await followed(kind, []);
    const longer = await followed(kind, [nothing, nothing, nothing]);
    expect(longer.events).toEqual(events);
  });

  it('names a file of which nothing was used, once nothing has come for minutes or it ends', async () => {
    const foreign = join(folder, 'foreign.jsonl');
    const other = `${JSON.stringify({ type: 'note', text: 'of another tool' })}\n`;
    writeFileSync(foreign, other);
    utimesSync(foreign, new Date(nowMs - 6 * 60_000), new Date(nowMs - 6 * 60_000));
    // that one may still become one
    writeFileSync(path(), other);
    const early: string[] = [];
    const { problems } = await followed(kind, [
      () => early.push(...problemsNow()),
      () => appendFileSync(path(), text),
      () => writeFileSync(join(folder, 'late.jsonl'), other),
    ]);
    expect(early).toEqual([foreign]);
    expect(problems.named.map(({ file, unused }) => [file, unused])).toEqual([
      [foreign, true],
      [join(folder, 'late.jsonl'), true],
    ]);
    expect(problems.named[0]!.reason).toMatch(/^holds nothing that .* only records of type note$/);
  });

  it('waits for a folder that is not there yet, where it may be missing', async () => {
    const later = join(folder, 'later');
    const run = followed(kind, [() => mkdirSync(later), () => writeFileSync(join(later, names[kind]), text)], {
      paths: [later],
      mayBeMissing: true,
    });
    expect(fold((await run).events).calls.size).toBe(2);
    await expect(followed(kind, [], { paths: [join(folder, 'never')] })).rejects.toThrow('does not exist');
  });

  it('finds new files in new folders', async () => {
    const { events } = await followed(kind, [
      () => mkdirSync(join(folder, 'a/b'), { recursive: true }),
      () => writeFileSync(join(folder, 'a/b', names[kind]), text),
    ]);
    expect(fold(events).calls.size).toBe(2);
  });

  it.each<[string, () => void]>([
    ['moved away and begun anew', () => (renameSync(path(), `${path()}.1`), writeFileSync(path(), text.slice(half)))],
    ['moved away after its last lines', () => (appendFileSync(path(), text.slice(half)), renameSync(path(), `${path()}.1`))], // prettier-ignore
    ['cut to nothing and written anew', () => (truncateSync(path(), 0), appendFileSync(path(), text))],
    ['written anew, and longer', () => writeFileSync(path(), `\n\n${text}`)],
    ['deleted after its last lines', () => (appendFileSync(path(), text.slice(half)), rmSync(path()))],
  ])('survives a file that is %s', async (name, rotate) => {
    const cut = text.lastIndexOf('\n', half) + 1;
    writeFileSync(path(), text.slice(0, name === 'moved away and begun anew' ? cut : half));
    const rotated = () => {
      rotate();
      if (name === 'moved away and begun anew') writeFileSync(path(), text);
    };
    const { events } = await followed(kind, [rotated, () => undefined]);
    writeFileSync(path(), text);
    const { calls, runs } = await imported(kind);
    expect([fold(events).calls, fold(events).runs]).toEqual([calls, runs]);
  });

  it('the end of a run that only time tells', async () => {
    writeFileSync(path(), textOf(lines[kind].slice(0, 4)));
    nowMs = Date.UTC(2026, 2, 1, 12, 10);
    const statuses = (events: ImportedEvent[]) => [...fold(events).runs.values()].map(({ status }) => status);
    const { looks, events } = await followed(kind, [() => (nowMs += 23 * 3_600_000), () => (nowMs += 3_600_000)]);
    expect(statuses(looks.flat().filter(({ type }) => type !== 'run.completed'))).toEqual([undefined]);
    expect(statuses(events)).toEqual(['CANCELED']);
  });
});

describe('following', () => {
  it('subagents whose main file is missing are one run', async () => {
    mkdirSync(join(folder, 'session-1/subagents'), { recursive: true });
    const path = (name: string) => join(folder, 'session-1/subagents', name);
    const side = (...members: Members[]) => textOf(members.map((line) => ({ ...line, isSidechain: true })));
    const { events } = await followed('claude-code', [
      () => writeFileSync(path('agent-1.jsonl'), side(agent('a1', 1, 'm1', 'text', [1, 2]))),
      () => writeFileSync(path('agent-2.jsonl'), side(agent('a2', 9, 'm2', 'text', [3, 4]))),
    ]);
    expect(fold(events)).toEqual(await imported('claude-code'));
  });

  it('a path that does not exist at first ends it; one that goes away later does not', async () => {
    const path = join(folder, 'gone');
    const source = codexSource({ ...optionsOf(), paths: [path] });
    await expect(source.find(false)).rejects.toThrow('does not exist');
    expect(await source.find(true)).toEqual([]);
  });

  it('holds no more than the latest files open', async () => {
    for (let index = 0; index < 80; index += 1) {
      const thread = textOf(ROLLOUT).replaceAll('thread-1', `thread-${index}`).replaceAll(`"${T1}"`, `"turn-${index}"`);
      writeFileSync(join(folder, `rollout-${index}.jsonl`), thread);
    }
    const late = join(folder, 'rollout-0.jsonl');
    const { events } = await followed('codex', [
      () => appendFileSync(late, textOf([event('task_started', 20, { turn_id: 'late' }), count(21, [400, 0, 40])])),
    ]);
    expect([fold(events).runs.size, fold(events).calls.size]).toEqual([81, 161]);
  });
});

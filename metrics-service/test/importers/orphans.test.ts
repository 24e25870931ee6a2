import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { importClaudeCode } from '../../src/importers/claude-code/index.js';
import type { ImportedEvent } from '../../src/importers/events.js';
import { Problems } from '../../src/importers/problems.js';
import { fold } from './fold.js';
import { agent, at, SESSION, START } from './transcripts.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runboard-orphans-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('the subagents of a session whose main file is missing are one run, in whatever folders they lie', async () => {
  const files = {
    'agent-a.jsonl': agent('a1', 0, 'm1', 'text', [1, 1], { isSidechain: true }),
    'workflows/wf_1/agent-b.jsonl': agent('b1', 3600, 'm2', 'text', [1, 1], { isSidechain: true }),
  };
  for (const [name, record] of Object.entries(files)) {
    const path = join(folder, SESSION, 'subagents', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(record));
  }
  const events: ImportedEvent[] = [];
  const options = { userId: null, repoOf: () => null, withText: false, problems: new Problems() };
  const nowMs = START + 4 * 3_600_000;
  for await (const some of importClaudeCode({ ...options, paths: [folder], clock: () => nowMs })) events.push(...some);
  const { runs, calls } = fold(events);
  expect([...runs.keys()]).toEqual([`${SESSION}:start`]);
  expect(runs.get(`${SESSION}:start`)).toMatchObject({ startedAt: at(0), completedAt: at(3600), status: 'SUCCEEDED' });
  expect([...calls.keys()]).toEqual(['m1', 'm2']);
});

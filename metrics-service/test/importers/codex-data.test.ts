import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { importCodex } from '../../src/importers/codex/index.js';
import type { ImportedEvent } from '../../src/importers/events.js';
import { Problems } from '../../src/importers/problems.js';
import { describeWithData, SHARED_DATA } from '../support/shared-data.js';
import { fold, runsOf } from './fold.js';
import { readRollout } from './rollouts.js';

const DATA = join(SHARED_DATA, 'codex');

const NOW = Date.UTC(2026, 10, 21);
const FIRST = 'rollout-2026-02-23T12-41-04-019c8a4d-8f45-7010-8b5d-7fad920aa6f9.jsonl';
const CUT_OFF = 'rollout-2026-02-23T13-19-38-019c8a70-dda7-7f33-98ea-f30553347322.jsonl';
const LAST = 'rollout-2026-02-23T20-34-25-019c8bfe-ec25-79e0-97d7-bda6a9c575ff.jsonl';

async function eventsOf(path: string, problems = new Problems()): Promise<ImportedEvent[]> {
  const events: ImportedEvent[] = [];
  const options = { userId: null, repoOf: () => 'project', withText: false, clock: () => NOW, problems };
  for await (const some of importCodex({ ...options, paths: [join(DATA, path)] })) events.push(...some);
  return events;
}

/** [input incl. cached, cached, output incl. reasoning, reasoning, total] */
function totalsOf(events: ImportedEvent[]): number[] {
  const totals = [0, 0, 0, 0, 0];
  for (const { usage } of fold(events).calls.values()) {
    const { inputTokens, cacheReadTokens, outputTokens, reasoningTokens } = usage as Record<string, number>;
    const counts = [inputTokens!, cacheReadTokens!, outputTokens!, reasoningTokens!, inputTokens! + outputTokens!];
    counts.forEach((count, index) => (totals[index]! += count));
  }
  return totals;
}

describeWithData('the public rollouts', () => {
  it.each<[string, number[], string[]]>([
    [FIRST, [1751428, 1651968, 14600, 4293, 1766028], ['019c8a4d 11:41:32-11:46:43 SUCCEEDED']],
    [CUT_OFF, [34469, 3456, 431, 264, 34900], ['019c8a70 12:19:42-12:19:52 CANCELED']],
    [LAST, [298373, 238848, 1123, 483, 299496], ['019c8bfe 19:34:26-19:36:02 SUCCEEDED']],
  ])('%s', async (path, totals, runs) => {
    const events = await eventsOf(path);
    expect(totalsOf(events)).toEqual(totals);
    expect(runsOf(fold(events))).toEqual(runs);
  });

  it('every kind of record is read without a fault', async () => {
    const problems = new Problems();
    await eventsOf('record-type-zoo.jsonl', problems);
    expect(problems.named.filter(({ reason }) => !reason.startsWith('a session_meta'))).toEqual([]);
  });

  it.each([FIRST, CUT_OFF, LAST])('%s comes to the same, wherever earlier imports found its end', (file) => {
    const bytes = readFileSync(join(DATA, file));
    const final = readRollout(bytes, { nowMs: NOW }).events;
    const folded = fold(final);
    const ends = [...bytes.keys()].filter((index) => bytes[index] === 0x0a);
    for (const end of ends.filter((_, line) => line % 5 === 0 || ends.length < 100)) {
      const early = readRollout(bytes.subarray(0, end), { nowMs: NOW }).events;
      expect(fold([...early, ...final])).toEqual(folded);
    }
  });
});

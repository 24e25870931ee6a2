import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { importClaudeCode } from '../../src/importers/claude-code/index.js';
import type { ImportedEvent } from '../../src/importers/events.js';
import { Problems } from '../../src/importers/problems.js';
import { loadPrices, type Usage } from '../../src/pricing/index.js';
import { describeWithData, SHARED_DATA } from '../support/shared-data.js';
import { fold, runsOf, totalsOf } from './fold.js';
import { readBytes } from './transcripts.js';

const DATA = join(SHARED_DATA, 'claude-code');

const NOW = Date.UTC(2026, 10, 21);

async function eventsOf(paths: string[], nowMs = NOW, more: { problems?: Problems; sinceMs?: number } = {}) {
  const events: ImportedEvent[] = [];
  const options = { userId: 'dev@example.com', repoOf: () => 'project', withText: false, clock: () => nowMs };
  const problems = more.problems ?? new Problems();
  const files = paths.map((path) => join(DATA, path));
  for await (const some of importClaudeCode({ ...options, ...more, problems, paths: files })) events.push(...some);
  return events;
}

describeWithData('totals of the public transcripts', () => {
  it.each<[string, Record<string, number[]>]>([
    [
      'subagents-and-compaction',
      { 'opus-4-6': [158, 1505, 36262, 262626, 15540548], 'haiku-4-5': [20, 122, 45, 98183, 635125] },
    ],
    ['small-with-subagents', { 'opus-4-5': [13, 65, 33, 27690, 198772], 'haiku-4-5': [8, 23, 18, 43567, 80140] }],
    ['growing-session/state-0.jsonl', { 'opus-4-6': [3, 5, 11, 11250, 73808] }],
    ['growing-session/state-1.jsonl', { 'opus-4-6': [19, 25, 4788, 24341, 654174] }],
    ['growing-session/state-2.jsonl', { 'opus-4-6': [26, 34, 6396, 27891, 963758] }],
    ['growing-session/state-3.jsonl', { 'opus-4-6': [30, 40, 6804, 29253, 1151754] }],
    ['growing-session', { 'opus-4-6': [30, 40, 6804, 29253, 1151754] }],
    ['quirks/duplicate-assistant-response.jsonl', { 'opus-4': [2, 8, 11, 18642, 13594] }],
    ['quirks/glued-line-two-versions.jsonl', { 'opus-4-5': [42, 346, 7047, 168250, 2618979] }],
    ['quirks/model-switch.jsonl', { 'opus-4-5': [4, 36, 15, 62145, 176264], 'sonnet-4-5': [4, 34, 11, 56698, 152951] }],
    ['quirks/task_non_sdk.jsonl', { 'opus-4-1': [2, 10, 219, 7313, 38896], 'sonnet-4': [3, 15, 944, 20793, 39197] }],
    ['quirks/task_sdk.jsonl', { 'opus-4-1': [3, 14, 377, 46616, 22177] }],
    ['quirks/comment-lines.jsonl', { 'haiku-4-5': [4, 19, 24, 1894, 84393] }],
    ['quirks/permission-prompt-aborted-with-interrupt.jsonl', { 'opus-4': [1, 4, 5, 5678, 10491] }],
    ['quirks/rate-limit.jsonl', {}],
    ['quirks/duplicate-assistant-response-2.jsonl', {}],
    ['quirks/active.jsonl', {}],
    ['quirks/cleared.jsonl', {}],
    ['quirks/completed.jsonl', {}],
    ['quirks/edit-active.jsonl', {}],
    ['quirks/record-type-zoo.jsonl', { 'opus-5': [1, 10, 5, 0, 0], 'sonnet-5': [1, 0, 0, 0, 0] }],
    [
      '.',
      {
        'opus-4-6': [188, 1545, 43066, 291879, 16692302],
        'opus-4-5': [59, 447, 7095, 258085, 2994015],
        'haiku-4-5': [32, 164, 87, 143644, 799658],
        'sonnet-4-5': [4, 34, 11, 56698, 152951],
        'opus-4': [6, 26, 116, 60011, 41861],
        'opus-4-1': [5, 24, 596, 53929, 61073],
        'sonnet-4': [3, 15, 944, 20793, 39197],
        'opus-5': [1, 10, 5, 0, 0],
        'sonnet-5': [1, 0, 0, 0, 0],
      },
    ],
  ])('%s', async (path, totals) => {
    expect(totalsOf(fold(await eventsOf([path])))).toEqual(totals);
  });

  it('a resume that copies a call', async () => {
    const paths = ['quirks/0-say-lol-session.jsonl', 'quirks/1-continue-run-ls-tool.jsonl'];
    const expected = { 'opus-4': [3, 14, 100, 35691, 17776] };
    for (const order of [paths, paths.toReversed()]) {
      const folded = fold((await Promise.all(order.map((path) => eventsOf([path])))).flat());
      expect(totalsOf(folded)).toEqual(expected);
      expect(runsOf(folded)).toEqual(['523a67c0 22:21:00-22:21:04 SUCCEEDED', 'ddf5d729 22:32:45-22:32:51 SUCCEEDED']);
      expect(folded.sessions.size).toBe(2);
    }
  });

  it('every call of a session has a price, and a wrong file is counted line by line', async () => {
    const prices = loadPrices();
    for (const { model, usage, at } of fold(await eventsOf(['subagents-and-compaction'])).calls.values()) {
      expect(prices.costNanos(String(model), usage as Usage, Date.parse(String(at)))).not.toBeNull();
    }
    const problems = new Problems();
    const user = await eventsOf(['quirks/duplicate-assistant-response-2.jsonl'], NOW, { problems });
    expect(user.map(({ type }) => type)).toEqual(['user.upserted']);
    expect(problems.count).toBe(1146);
    expect(problems.named[0]).toMatchObject({ line: 1, reason: 'is not JSON' });
  });
});

describeWithData('runs of the public transcripts', () => {
  const grown = [
    '7e185d4a 09:59:02-09:59:20 SUCCEEDED',
    '8998b115 09:59:24-10:01:29 SUCCEEDED',
    '079a02ab 10:01:52-10:04:20 SUCCEEDED',
    '18d70008 10:06:19-10:07:37 SUCCEEDED',
    '9d8aaa21 10:07:56-10:08:23 SUCCEEDED',
  ];
  it.each<[string, string[]]>([
    ['growing-session/state-0.jsonl', grown.slice(0, 1)],
    ['growing-session/state-1.jsonl', grown.slice(0, 3)],
    // this state ends before the record that the stop hook leaves in the next second
    ['growing-session/state-2.jsonl', [...grown.slice(0, 3), '18d70008 10:06:19-10:07:36 SUCCEEDED']],
    ['growing-session/state-3.jsonl', grown],
    [
      'quirks/glued-line-two-versions.jsonl',
      [
        '2b6fd122 14:57:02-15:03:49 SUCCEEDED',
        '5f778de8 15:07:14-15:07:58 SUCCEEDED',
        '80d3b701 23:57:20-23:57:59 SUCCEEDED',
        '54d11cf7 23:59:07-00:02:53 CANCELED',
        'da029881 00:03:03-00:03:17 SUCCEEDED',
      ],
    ],
    [
      'quirks/model-switch.jsonl',
      [
        '233cd1d4 03:30:49-03:31:43 SUCCEEDED',
        'f8ae5e2a 03:32:23-03:32:41 SUCCEEDED',
        'dbd6d137 03:57:12-03:57:33 SUCCEEDED',
      ],
    ],
    [
      'small-with-subagents',
      [
        'b048274d 19:38:12-19:38:29 SUCCEEDED',
        'fcce0644 21:11:35-21:13:34 SUCCEEDED',
        'b827ec1c 21:18:10-21:20:01 SUCCEEDED',
        '912e20e1 21:20:54-21:20:56 SUCCEEDED',
        '8e8b39c0 21:21:07-21:21:25 CANCELED',
        '03a754e3 21:21:27-21:21:28 SUCCEEDED',
      ],
    ],
    [
      'subagents-and-compaction',
      [
        '942615e0 15:36:09-15:49:18 SUCCEEDED',
        '1c99c7c6 15:49:18-15:49:23 SUCCEEDED',
        'b9667a84 15:52:27-16:17:55 SUCCEEDED',
      ],
    ],
    ['quirks/rate-limit.jsonl', ['71437693 23:52:26-23:52:28 FAILED rate_limited']],
    ['quirks/permission-prompt-aborted-with-interrupt.jsonl', ['9193b0c2 23:04:18-23:04:47 CANCELED']],
  ])('%s', async (path, runs) => {
    expect(runsOf(fold(await eventsOf([path])))).toEqual(runs);
  });

  it('the growing states come to the last one in any order, however often and at whatever time they are read', async () => {
    const states = [0, 1, 2, 3].map((state) => `growing-session/state-${state}.jsonl`);
    const start = Date.parse('2026-02-06T09:59:20.200Z');
    const clocks = [start, start + 60_000, start + 5 * 60_000, start + 9 * 60_000, start + 25 * 3_600_000, NOW];
    const final = fold(await eventsOf(['growing-session/state-3.jsonl']));
    for (const order of permutations(states)) {
      const imports = order.map((path, index) => eventsOf([path], clocks[(index * 5 + order.length) % clocks.length]));
      const again = await Promise.all([...imports, eventsOf([order[0] ?? '']), eventsOf([states[3] ?? ''])]);
      expect(fold(again.flat())).toEqual(final);
    }
  });
});

describeWithData('a transcript that is still being written', () => {
  const files = existsSync(DATA) ? readdirSync(DATA, { recursive: true, encoding: 'utf8' }) : [];
  const transcripts = files.filter(
    (file) => file.endsWith('.jsonl') && !/compaction|state-[012]|response-2/.test(file),
  );
  it.each(transcripts)('%s comes to the same, wherever earlier imports found its end', (file) => {
    const bytes = readFileSync(join(DATA, file));
    const events = readBytes(bytes, { nowMs: NOW }, 65536).events;
    const final = fold(events);
    const ends = [...bytes.keys()].filter((index) => bytes[index] === 0x0a);
    for (const end of ends.filter((_, line) => line % 3 === 0 || ends.length < 30)) {
      const early = readBytes(bytes.subarray(0, end), { nowMs: NOW }, 65536).events;
      expect(fold([...early, ...events])).toEqual(final);
    }
  });
});

function permutations<T>(items: T[]): T[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { AttackedService } from './service.js';

const MiB = 1024 * 1024;
const LIST = 'application/json';
const LINES = 'application/x-ndjson';

const fill = (unit: string, bytes = 10 * MiB - 16): string => unit.repeat(Math.floor(bytes / unit.length));
const at = '2026-01-31T09:00:00Z';
let ids = 0;
const event = (type: string, data: object): string =>
  JSON.stringify({ specversion: '1.0', id: `e${(ids += 1)}`, source: 'attack', type, time: at, data });
const run = (more: object): string =>
  event('run.completed', { runId: `r${ids}`, completedAt: at, status: 'FAILED', ...more });
const list = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(',');
const usage = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ model: `m${index}`, inputTokens: 1, outputTokens: 1 }));

/** Bodies of at most 10 MiB, and what they are made of. */
export const BODIES: Record<string, () => [type: string, text: string]> = {
  'lines of one bracket': () => [LINES, fill('{\n')],
  'empty lines': () => [LINES, fill('\n')],
  'nested lists': () => [LIST, fill('[')],
  'nested lists, closed': () => [LIST, `[${'['.repeat(5 * MiB - 10)}${']'.repeat(5 * MiB - 10)}]`],
  'nested objects': () => [LIST, fill('{"a":')],
  'a list of empty objects': () => [LIST, `[${fill('{},').slice(0, -1)}]`],
  'one number': () => [LIST, fill('1')],
  'one text': () => [LIST, `"${fill('\\u0000')}"`],
  'a text without end': () => [LINES, `"${fill('a')}`],
  'an event with 3 million empty lists': () => [
    LIST,
    `[${event('run.deleted', { runId: 'r' }).slice(0, -2)},"x":[${fill('[],', 9 * MiB).slice(0, -1)}]}}]`,
  ],
  'events of 1 MiB of empty lists': () => [
    LIST,
    `[${list(9, () => `${event('run.deleted', { runId: 'r' }).slice(0, -2)},"x":[${fill('[],', MiB - 300).slice(0, -1)}]}}`)}]`,
  ],
  'events with 24,000 empty lists': () => [
    LIST,
    `[${list(20, () => `${event('run.deleted', { runId: 'r' }).slice(0, -2)},"x":[${fill('[],', 24_000 * 3).slice(0, -1)}]}}`)}]`,
  ],
  'events with 20,000 members': () => [
    LIST,
    `[${list(30, () => `${event('run.deleted', { runId: 'r' }).slice(0, -2)},"x":{${list(20_000, (index) => `"k${index}":1`)}}}}`)}]`,
  ],
  'events of 1 MiB of text': () => [LIST, `[${list(9, () => run({ other: 'x'.repeat(MiB - 500) }))}]`],
  'events of 1 MiB of text that cannot be stored': () => [
    LIST,
    `[${list(9, () => run({ other: '\\u0000'.repeat(100_000) }).replaceAll('\\\\u', '\\u'))}]`,
  ],
  'runs with 10,000 models': () => [LIST, `[${list(18, () => run({ usage: usage(10_000) }))}]`],
  'runs with 200 models': () => [LIST, `[${list(900, () => run({ usage: usage(200) }))}]`],
  'runs with 40,000 wrong phases': () => [LIST, `[${list(60, () => run({ phases: Array(40_000).fill(1) }))}]`],
  'runs with 1,000 phases': () => [
    LIST,
    `[${list(100, () => run({ phases: Array.from({ length: 1_000 }, (_, index) => ({ name: `p${index}`, startedAt: at, completedAt: at })) }))}]`,
  ],
  '10,000 events': () => [
    LIST,
    `[${list(10_000, (index) => event('run.started', { runId: `s${index}`, sessionId: `s${index % 7}`, startedAt: at, other: 'x'.repeat(700) }))}]`,
  ],
  '10,000 events of one session': () => [
    LIST,
    `[${list(10_000, (index) => event('run.started', { runId: `o${index}`, sessionId: 'one', startedAt: new Date(1_750_000_000_000 + index).toISOString(), other: 'x'.repeat(700) }))}]`,
  ],
  '10,000 calls of one session': () => [
    LIST,
    `[${list(10_000, (index) => event('llm_call.recorded', { callId: `c${index}`, sessionId: 'one', at: new Date(1_750_000_000_000 + index).toISOString(), model: 'm', usage: { inputTokens: 1, outputTokens: 1 }, other: 'x'.repeat(600) }))}]`,
  ],
  '10,000 wrong events': () => [
    LIST,
    `[${list(10_000, () => event('run.started', { runId: 1, other: 'x'.repeat(800) }))}]`,
  ],
};

export interface BodyReport {
  name: string;
  bytes: number;
  /** of the body alone, the best of three */
  status: number;
  answerMs: number;
  /** how long the event loop was held */
  longestMs: number;
  /** of ten at once: how long another organization's requests took meanwhile */
  othersP95Ms: number;
}

const ROUNDS = 3;
const AT_ONCE = 10;

/** Sends each body alone and ten times at once, and measures what that does to the event loop and to others. */
export async function* attackWithBodies(service: AttackedService, only = ''): AsyncGenerator<BodyReport> {
  const attacker = await service.organization('bodies', 'ingest');
  const other = await service.organization('bodies-other', 'read');
  for (const [name, make] of Object.entries(BODIES).filter(([name]) => name.includes(only))) {
    const [type, text] = make();
    const body = gzipSync(text, { level: 1 });
    const headers = { authorization: `Bearer ${attacker}`, 'content-type': type, 'content-encoding': 'gzip' };
    const send = async (): Promise<number> => {
      const response = await fetch(`${service.url}/v1/events`, { method: 'POST', headers, body });
      await response.text();
      return response.status;
    };
    const report = { name, bytes: text.length, status: 0, answerMs: Infinity, longestMs: Infinity, othersP95Ms: 0 };
    await service.strain();
    // the best of several: whatever else this machine does is in each of them, too
    for (let round = 0; round < ROUNDS; round += 1) {
      const begun = performance.now();
      report.status = await send();
      report.answerMs = Math.min(report.answerMs, performance.now() - begun);
      report.longestMs = Math.min(report.longestMs, (await service.strain()).longestMs);
    }
    const all = Promise.all(Array.from({ length: AT_ONCE }, send));
    report.othersP95Ms = percentile95(await timesUntil(all, () => ask(service, other)));
    yield report;
  }
}

async function ask({ url }: AttackedService, token: string): Promise<void> {
  await (await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).text();
}

/** How long `work` took, again and again until `end` has come. */
async function timesUntil(end: Promise<unknown>, work: () => Promise<void>): Promise<number[]> {
  let isOver = false;
  const ending = end.finally(() => (isOver = true));
  const tookMs: number[] = [];
  while (!isOver) {
    const begun = performance.now();
    await work();
    tookMs.push(performance.now() - begun);
    await sleep(10);
  }
  await ending;
  return tookMs;
}

function percentile95(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;
}

import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createToken } from '../../access/tokens.js';
import type { BenchDatabase } from '../database.js';
import { bodiesOf } from '../events.js';
import { percentile } from '../percentile.js';
import { EVENTS, post, sendBodies } from '../send.js';
import type { BenchService } from '../service.js';
import { openReader, type Reader } from './readers.js';
import { isNumbered, liveEvent, numbersIn, OPEN_RUNS, openRuns, type Message } from './world.js';

const STREAMS = 100;
const STREAMS_OF_TOKEN = 20;
const EVENTS_PER_SECOND = 200;
/** Requests at a time while they are sent steadily: a service that is behind refuses more than 256. */
const SENDERS = 64;
/** Sent as fast as it goes, so many times without streams and so many times with them. */
const ROUND_EVENTS = 20_000;
const ROUNDS = 3;
/** So long the service is left alone before its memory is read. */
const SETTLE_MS = 3_000;

export interface LiveFigures {
  runs: number;
  streams: number;
  perSecond: number;
  events: number;
  /** messages of an event and a stream, and how many of them never came */
  messages: number;
  missing: number;
  /** from an event's acknowledgement, and from when it was due to be sent, to the message with the changed row at each stream */
  sinceAckMs: Percentiles;
  sinceDueMs: Percentiles;
  /** what the service grew by with the streams, for each of them: heap and buffers in use, without garbage */
  kbPerStream: number;
  /** events a second, as fast as they are taken */
  ingestWithout: number;
  ingestWith: number;
  ratio: number;
}

export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

interface Load {
  seconds: number;
  batch: number;
  senders: number;
}

/** 100 readers of 1,000 open runs: how soon each hears of an event, what they take of memory, and of ingest's speed. */
export async function benchLive(
  { database }: BenchDatabase,
  service: BenchService,
  orgId: string,
  load: Load,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<LiveFigures> {
  await sendBodies(service, bodiesOf(openRuns(Date.now()), 1_000), { senders: 1 });
  const tokens = await Promise.all(
    Array.from({ length: STREAMS / STREAMS_OF_TOKEN }, () =>
      createToken(database, orgId, { name: 'bench reader', scopes: ['read'] }),
    ),
  );
  const openAll = (onMessage?: (stream: number, data: string, atMs: number) => void): Promise<Reader[]> =>
    Promise.all(
      Array.from({ length: STREAMS }, (_, stream) =>
        openReader(service.url, tokens[stream % tokens.length]!.token, (data, atMs) => onMessage?.(stream, data, atMs)),
      ),
    );

  // what the first streams load, compile and keep for all is not counted
  close(await openAll());
  const before = await settledKb(service);
  const events = EVENTS_PER_SECOND * load.seconds;
  const arrivals = Array.from({ length: STREAMS }, () => new Float64Array(events));
  const numbersOf = cachedNumbers();
  const readers = await openAll((stream, data, atMs) => {
    for (const number of numbersOf(data)) if (!arrivals[stream]![number]) arrivals[stream]![number] = atMs;
  });
  const kbPerStream = ((await settledKb(service)) - before) / STREAMS;
  const times = await sendSteadily(service, events, onProgress);
  await sleep(SETTLE_MS);
  close(readers);

  const { took, missing } = tookOf(arrivals, times);
  return {
    ...{ runs: OPEN_RUNS, streams: STREAMS, perSecond: EVENTS_PER_SECOND, events },
    ...{ messages: took.sinceAck.length, missing, kbPerStream },
    sinceAckMs: percentiles(took.sinceAck),
    sinceDueMs: percentiles(took.sinceDue),
    ...(await ingestSpeeds(service, events, load, openAll)),
  };
}

interface Times {
  due: Float64Array;
  acked: Float64Array;
}

/** Each event in a request of its own, when it is due. */
async function sendSteadily(
  service: BenchService,
  events: number,
  onProgress: (done: number, total: number) => void,
): Promise<Times> {
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
  const [due, acked] = [new Float64Array(events), new Float64Array(events)];
  const start = performance.now();
  const send = async (number: number): Promise<void> => {
    const dueMs = start + (number * 1_000) / EVENTS_PER_SECOND;
    await sleep(Math.max(0, dueMs - performance.now()));
    const body = Buffer.from(JSON.stringify([liveEvent(number, Date.now())]));
    due[number] = dueMs;
    await post(service, agent, EVENTS, body);
    acked[number] = performance.now();
    if (number % EVENTS_PER_SECOND === 0) onProgress(number, events);
  };
  await Promise.all(Array.from({ length: events }, (_, number) => send(number)));
  agent.destroy();
  return { due, acked };
}

function tookOf(arrivals: readonly Float64Array[], { due, acked }: Times) {
  const [sinceAck, sinceDue]: [number[], number[]] = [[], []];
  let missing = 0;
  for (const ofStream of arrivals) {
    for (const [number, atMs] of ofStream.entries()) {
      if (!isNumbered(number)) continue;
      if (atMs === 0) missing += 1;
      else {
        sinceAck.push(atMs - acked[number]!);
        sinceDue.push(atMs - due[number]!);
      }
    }
  }
  return { took: { sinceAck, sinceDue }, missing };
}

function percentiles(values: number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99) };
}

/** Speeds of the same kinds of events, by turns without and with streams. */
async function ingestSpeeds(
  service: BenchService,
  first: number,
  { batch, senders }: Load,
  openAll: () => Promise<Reader[]>,
): Promise<Pick<LiveFigures, 'ingestWithout' | 'ingestWith' | 'ratio'>> {
  let number = first;
  const round = async (): Promise<number> => {
    const nowMs = Date.now();
    const events = Array.from({ length: ROUND_EVENTS }, () => liveEvent(number++, nowMs));
    const bodies = [...bodiesOf(events, batch)];
    const start = performance.now();
    await sendBodies(service, bodies.values(), { senders });
    return performance.now() - start;
  };
  await round();
  let [withoutMs, withMs] = [0, 0];
  for (let done = 0; done < ROUNDS; done += 1) {
    withoutMs += await round();
    const readers = await openAll();
    withMs += await round();
    close(readers);
  }
  const perSecond = (ms: number): number => (ROUNDS * ROUND_EVENTS * 1_000) / ms;
  return { ingestWithout: perSecond(withoutMs), ingestWith: perSecond(withMs), ratio: withoutMs / withMs };
}

/** The numbers in a message, read once for all streams: they are sent the same. */
function cachedNumbers(): (data: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (data) => {
    const found = known.get(data) ?? [...numbersIn(JSON.parse(data) as Message)];
    if (known.size > 20 && !known.has(data)) known.clear();
    known.set(data, found);
    return found;
  };
}

async function settledKb(service: BenchService): Promise<number> {
  await sleep(SETTLE_MS);
  return service.usedKb();
}

function close(readers: readonly Reader[]): void {
  for (const reader of readers) reader.close();
}

import { ApiError } from '../../contract/problem.js';
import { MAX_DEPTH, MAX_EVENT_VALUES } from '../../contract/values.js';
import type { Signal } from '../../telemetry/records.js';
import type { Turn } from '../../turns.js';
import { startOf } from '../body/read.js';
import { Scan } from '../body/scan.js';
import type { RawRecord } from './protobuf.js';
import { Bound, tooLarge, UnreadableRecord, type Range } from './range.js';

const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [COMMA, QUOTE, COLON] = [0x2c, 0x22, 0x3a];
/** Longer names of members are none that we look for. */
const MOST_KEY_BYTES = 64;

/** The lists that the records of a signal stand in, from the outside. */
const LISTS = {
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
} as const;

/**
 * Parses the records of an Export…ServiceRequest in JSON one by one, each measured before; null where other requests may be
 * answered in between.
 * @throws ApiError invalid_json; too_large: more than `most` records
 */
export function* jsonRecords(
  bytes: Buffer,
  signal: Signal,
  { most, turn }: { most: number; turn: Turn },
): Generator<RawRecord | null, void, void> {
  const [resources, scopes, records] = LISTS[signal];
  const bounds = { resources: new Bound(most), scopes: new Bound(most), records: new Bound(most) };
  const start = startOf(bytes);
  for (const ofResource of itemsOf(bytes, { from: start, to: bytes.length }, resources, turn)) {
    if (ofResource === null) {
      yield null;
      continue;
    }
    bounds.resources.take();
    const resource = objectOf(bytes, yield* member(bytes, ofResource, 'resource', turn));
    for (const ofScope of itemsOf(bytes, ofResource, scopes, turn)) {
      if (ofScope === null) {
        yield null;
        continue;
      }
      bounds.scopes.take();
      const scope = objectOf(bytes, yield* member(bytes, ofScope, 'scope', turn));
      for (const range of itemsOf(bytes, ofScope, records, turn)) {
        if (range !== null) bounds.records.take();
        yield range && { resource, scope, record: valueOf(bytes, range) };
      }
    }
  }
}

/** null: the turn is over. */
type Parts = Generator<Measured | null, void, void>;

/** The items of the list that is this member of an object. */
function* itemsOf(bytes: Buffer, object: Range, name: string, turn: Turn): Parts {
  const list = yield* member(bytes, object, name, turn);
  if (list === null || bytes[list.from] !== OPEN_LIST) return;
  yield* inside(bytes, list, CLOSE_LIST, turn);
}

/** The value of an object's member; of several the last, as JSON.parse takes it. */
function* member(bytes: Buffer, object: Range, name: string, turn: Turn): Generator<null, Measured | null, void> {
  if (bytes[object.from] !== OPEN_OBJECT) throw noJson('an object is missing');
  let found: Measured | null = null;
  for (const range of inside(bytes, object, CLOSE_OBJECT, turn)) {
    const from = range === null ? null : valueStart(bytes, range, name);
    if (range === null) yield null;
    else if (from !== null) found = { ...range, from };
  }
  return found;
}

/** Where the value begins if the member has that name; null if it has another one. */
function valueStart(bytes: Buffer, { from, to }: Range, name: string): number | null {
  if (bytes[from] !== QUOTE) throw noJson('the name of a member is missing');
  const end = bytes.subarray(from + 1, Math.min(to, from + 1 + MOST_KEY_BYTES)).indexOf(QUOTE);
  if (end < 0 || bytes.toString('latin1', from + 1, from + 1 + end) !== name) return null;
  const colon = startOf(bytes, from + 2 + end);
  if (bytes[colon] !== COLON) throw noJson('a colon is missing');
  return startOf(bytes, colon + 1);
}

interface Measured extends Range {
  readonly depth: number;
  readonly values: number;
}

/** What stands between the brackets of a list or an object, item by item. */
function* inside(bytes: Buffer, { from }: Range, close: number, turn: Turn): Parts {
  for (let at = startOf(bytes, from + 1), isFirst = true; ; isFirst = false) {
    const scan = new Scan(bytes, at, 'list');
    while (!scan.step()) if (turn.isOver) yield null;
    if (turn.isOver) yield null;
    const end = bytes[scan.to];
    if (end !== COMMA && end !== close) throw noJson('a list or object has no end');
    const isEmpty = isFirst && end === close && scan.to === at;
    if (!isEmpty) yield { from: at, to: scan.to, depth: scan.depth, values: scan.values };
    if (end === close) return;
    at = startOf(bytes, scan.to + 1);
  }
}

function valueOf(bytes: Buffer, measured: Measured): object | UnreadableRecord {
  const large = tooLarge(measured);
  if (large !== null) return large;
  if (measured.depth > MAX_DEPTH) return new UnreadableRecord(`is nested deeper than ${MAX_DEPTH} levels`);
  if (measured.values > MAX_EVENT_VALUES) return new UnreadableRecord(`has more than ${MAX_EVENT_VALUES} values`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8', measured.from, measured.to));
  } catch (error) {
    throw noJson((error as Error).message);
  }
  return typeof value === 'object' && value !== null ? value : new UnreadableRecord('is no object');
}

function objectOf(bytes: Buffer, measured: Measured | null): object {
  const value = measured === null ? {} : valueOf(bytes, measured);
  return value instanceof UnreadableRecord ? {} : value;
}

function noJson(why: string): ApiError {
  return new ApiError('invalid_json', `the body is not JSON: ${why}`);
}

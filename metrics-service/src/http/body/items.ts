import { ApiError } from '../../contract/problem.js';
import { MAX_DEPTH, MAX_EVENT_BYTES, MAX_EVENT_VALUES, MAX_REQUEST_VALUES } from '../../contract/values.js';
import { UnreadableItem } from '../../ingest/index.js';
import { Turn } from '../../turns.js';
import { withDecodedData } from '../cloudevents/base64.js';
import { isBlank, parseJson, startOf } from './read.js';
import { Scan, type Follows } from './scan.js';

const [OPEN_LIST, CLOSE_LIST, COMMA] = [0x5b, 0x5d, 0x2c];

/**
 * The items of a body: one event, a list of events, or one per line. Each is measured before it is parsed, and parsed
 * on its own, yielding in between. An item that is too large, or a line that is not JSON, is an `UnreadableItem`.
 * @throws ApiError invalid_json; too_large: more than `most` items, or than MAX_REQUEST_VALUES values in those that are
 * parsed
 */
export async function readItems(bytes: Buffer, { isLines, most }: { isLines: boolean; most: number }) {
  const items: unknown[] = [];
  const turn = new Turn();
  let values = 0;
  for (const scanned of isLines ? lines(bytes, turn) : listed(bytes, turn)) {
    if (scanned === null) {
      await turn.next();
      continue;
    }
    if (items.length === most) {
      throw new ApiError('too_large', `there are more than ${most} events in one request: send at most that many`);
    }
    values += tooMuch(scanned) === null ? scanned.values : 0;
    if (values > MAX_REQUEST_VALUES) {
      const fault = `the events of one request consist of more than ${MAX_REQUEST_VALUES} values: send fewer at once`;
      throw new ApiError('too_large', fault);
    }
    items.push(isLines ? lineOf(bytes, scanned) : itemOf(bytes, scanned));
    if (turn.isOver) await turn.next();
  }
  return items;
}

/** null: the turn is over. (An asynchronous generator would make promises for each item.) */
type Scans = Generator<Scan | null, void, void>;

function* scan(bytes: Buffer, from: number, follows: Follows, turn: Turn): Generator<null, Scan, void> {
  const scanning = new Scan(bytes, from, follows);
  while (!scanning.step()) if (turn.isOver) yield null;
  return scanning;
}

function* lines(bytes: Buffer, turn: Turn): Scans {
  for (let from = startOf(bytes); from < bytes.length;) {
    const scanned = yield* scan(bytes, from, 'line feed', turn);
    yield scanned;
    from = startOf(bytes, scanned.to);
  }
}

function* listed(bytes: Buffer, turn: Turn): Scans {
  const start = startOf(bytes);
  if (bytes[start] !== OPEN_LIST) {
    yield yield* scan(bytes, start, 'nothing', turn);
    return;
  }
  for (let from = start + 1; ;) {
    const scanned = yield* scan(bytes, from, 'list', turn);
    const end = bytes[scanned.to];
    if (end !== COMMA && end !== CLOSE_LIST) throw noJson('the list has no end');
    const isEmptyList = from === start + 1 && end === CLOSE_LIST && isBlank(bytes, from, scanned.to);
    if (!isEmptyList) yield scanned;
    from = scanned.to + 1;
    if (end === COMMA) continue;
    if (!isBlank(bytes, from, bytes.length)) throw noJson('something follows the list');
    return;
  }
}

function noJson(why: string): ApiError {
  return new ApiError('invalid_json', `the body is not JSON: ${why}`);
}

function lineOf(bytes: Buffer, scanned: Scan): unknown {
  try {
    return itemOf(bytes, scanned);
  } catch {
    return new UnreadableItem('this line is no JSON: send one event per line');
  }
}

function itemOf(bytes: Buffer, scanned: Scan): unknown {
  const item = valueOf(bytes, scanned);
  return item instanceof UnreadableItem ? item : withDecodedData(item, decodedOf);
}

function valueOf(bytes: Buffer, scanned: Scan): unknown {
  const fault = tooMuch(scanned);
  if (fault !== null) return new UnreadableItem(fault, 'invalid_event');
  return parseJson(bytes.toString('utf8', scanned.from, scanned.to));
}

function decodedOf(bytes: Buffer): unknown {
  const value = readValue(bytes);
  if (value instanceof UnreadableItem) throw new Error(value.reason);
  return value;
}

/**
 * The single value of a small body; an `UnreadableItem` if it is too much for an event. @throws ApiError invalid_json
 */
export function readValue(bytes: Buffer): unknown {
  const scan = new Scan(bytes, startOf(bytes), 'nothing');
  const isSmall = bytes.length <= MAX_EVENT_BYTES;
  while (isSmall && !scan.step());
  if (!isSmall) scan.to = bytes.length;
  return valueOf(bytes, scan);
}

function tooMuch({ from, to, depth, values }: Scan): string | null {
  if (to - from > MAX_EVENT_BYTES) return 'is larger than 1 MiB, which is the most for an event';
  if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  if (values > MAX_EVENT_VALUES)
    return `consists of more than ${MAX_EVENT_VALUES} values, which is the most for an event`;
  return null;
}

import protobuf, { type Type } from 'protobufjs';
import { ApiError } from '../../contract/problem.js';
import type { Signal } from '../../telemetry/records.js';
import type { Turn } from '../../turns.js';
import { Bound, tooLarge, UnreadableRecord, type Range } from './range.js';
import { quickLog } from './quick-log.js';
import { RECORDS, RESOURCE, SCOPE } from './schema.js';
import { Texts } from './texts.js';

const BYTES = 2;

/** One record as decoded, with what it stands in. */
export interface RawRecord {
  readonly resource: object;
  readonly scope: object;
  readonly record: object | UnreadableRecord;
}

/**
 * Decodes the records of an Export…ServiceRequest one by one; null where other requests may be answered in between. All three
 * signals have the same frame: resources (1) of a resource (1) and scopes (2) of a scope (1) and records (2).
 * @throws ApiError invalid_request: the body is no such message; too_large: more than `most` records
 */
export function* protobufRecords(
  bytes: Buffer,
  signal: Signal,
  { most, turn }: { most: number; turn: Turn },
): Generator<RawRecord | null, void, void> {
  const bounds = { resources: new Bound(most), scopes: new Bound(most), records: new Bound(most) };
  const whole = { from: 0, to: bytes.length };
  const texts = new Texts(bytes);
  for (const ofResource of parts(bytes, whole, 1, turn)) {
    if (ofResource === null) {
      yield null;
      continue;
    }
    bounds.resources.take();
    const resource = decoded(RESOURCE, bytes, yield* last(bytes, ofResource, turn));
    for (const ofScope of parts(bytes, ofResource, 2, turn)) {
      if (ofScope === null) {
        yield null;
        continue;
      }
      bounds.scopes.take();
      const scope = decoded(SCOPE, bytes, yield* last(bytes, ofScope, turn));
      for (const range of parts(bytes, ofScope, 2, turn)) {
        if (range !== null) bounds.records.take();
        yield range && { resource, scope, record: recordOf(signal, bytes, range, texts) };
      }
    }
  }
}

/** The parts of a message that are in that field; null where the turn is over. */
function* parts(bytes: Buffer, { from, to }: Range, field: number, turn: Turn): Generator<Range | null, void, void> {
  const reader = protobuf.Reader.create(bytes.subarray(0, to));
  reader.pos = from;
  while (reader.pos < to) {
    if (turn.isOver) yield null;
    const range = next(reader, field);
    if (range !== null) yield range;
  }
}

function next(reader: protobuf.Reader, field: number): Range | null {
  try {
    const tag = reader.uint32();
    if (tag >>> 3 !== field || (tag & 7) !== BYTES) {
      reader.skipType(tag & 7);
      return null;
    }
    const length = reader.uint32();
    const range = { from: reader.pos, to: reader.pos + length };
    reader.skip(length);
    return range;
  } catch (error) {
    throw new ApiError('invalid_request', `the body is no OTLP message in protobuf: ${(error as Error).message}`);
  }
}

/** The last part in field 1, which is the resource or the scope; an empty range if there is none. */
function* last(bytes: Buffer, within: Range, turn: Turn): Generator<null, Range, void> {
  let found: Range = { from: within.from, to: within.from };
  for (const range of parts(bytes, within, 1, turn)) {
    if (range === null) yield null;
    else found = range;
  }
  return found;
}

function decoded(type: Type, bytes: Buffer, range: Range): object {
  const object = tooLarge(range) ?? messageOf(type, bytes, range);
  return object instanceof UnreadableRecord ? {} : object;
}

function recordOf(signal: Signal, bytes: Buffer, range: Range, texts: Texts): object {
  const large = tooLarge(range);
  if (large !== null) return large;
  const quick = signal === 'logs' ? quickLog(bytes, range, texts) : null;
  return quick ?? messageOf(RECORDS[signal], bytes, range);
}

function messageOf(type: Type, bytes: Buffer, { from, to }: Range): object | UnreadableRecord {
  try {
    const reader = protobuf.Reader.create(bytes.subarray(from, to));
    reader.discardUnknown = true;
    return type.decode(reader);
  } catch (error) {
    return new UnreadableRecord(`is no valid protobuf: ${(error as Error).message}`);
  }
}

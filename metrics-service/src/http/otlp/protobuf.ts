import protobuf, { type Type } from 'protobufjs';
import { ApiError } from '../../contract/problem.js';
import type { Signal } from '../../telemetry/records.js';
import type { Turn } from '../../turns.js';
import { Bound, tooLarge, UnreadableRecord, type Range } from './range.js';
import { RECORDS, RESOURCE, SCOPE } from './schema.js';

const BYTES = 2;

/** One record as decoded, with what it stands in. */
export interface RawRecord {
  readonly resource: object;
  readonly scope: object;
  readonly record: object | UnreadableRecord;
}

/**
 * Decodes the records of an Export…ServiceRequest one by one, so that other requests are answered in between. All three
 * signals have the same frame: resources (1) of a resource (1) and scopes (2) of a scope (1) and records (2).
 * @throws ApiError invalid_request: the body is no such message; too_large: more than `most` records
 */
export async function* protobufRecords(
  bytes: Buffer,
  signal: Signal,
  { most, turn }: { most: number; turn: Turn },
): AsyncGenerator<RawRecord> {
  const bounds = { resources: new Bound(most), scopes: new Bound(most), records: new Bound(most) };
  const whole = { from: 0, to: bytes.length };
  for await (const ofResource of parts(bytes, whole, 1, turn)) {
    bounds.resources.take();
    const resource = decoded(RESOURCE, bytes, await last(bytes, ofResource, turn));
    for await (const ofScope of parts(bytes, ofResource, 2, turn)) {
      bounds.scopes.take();
      const scope = decoded(SCOPE, bytes, await last(bytes, ofScope, turn));
      for await (const range of parts(bytes, ofScope, 2, turn)) {
        bounds.records.take();
        yield { resource, scope, record: tooLarge(range) ?? recordOf(RECORDS[signal], bytes, range) };
      }
    }
  }
}

/** The parts of a message that are in that field. */
async function* parts(bytes: Buffer, { from, to }: Range, field: number, turn: Turn): AsyncGenerator<Range> {
  const reader = protobuf.Reader.create(bytes.subarray(0, to));
  reader.pos = from;
  while (reader.pos < to) {
    if (turn.isOver) await turn.next();
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
async function last(bytes: Buffer, within: Range, turn: Turn): Promise<Range> {
  let found: Range = { from: within.from, to: within.from };
  for await (const range of parts(bytes, within, 1, turn)) found = range;
  return found;
}

function decoded(type: Type, bytes: Buffer, range: Range): object {
  const object = tooLarge(range) ?? recordOf(type, bytes, range);
  return object instanceof UnreadableRecord ? {} : object;
}

function recordOf(type: Type, bytes: Buffer, { from, to }: Range): object | UnreadableRecord {
  try {
    const reader = protobuf.Reader.create(bytes.subarray(from, to));
    reader.discardUnknown = true;
    return type.decode(reader);
  } catch (error) {
    return new UnreadableRecord(`is no valid protobuf: ${(error as Error).message}`);
  }
}

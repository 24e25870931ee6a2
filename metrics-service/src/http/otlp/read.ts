import type { Request } from 'express';
import type { CloudEvent } from '../../contract/cloud-event.js';
import { mapRecord } from '../../telemetry/map.js';
import type { Mapped, MappingRights, Origin, Signal, Told } from '../../telemetry/records.js';
import { sourceOf } from '../../telemetry/source.js';
import { Turn } from '../../turns.js';
import { bytesOf, mediaTypeOf } from '../body/read.js';
import { jsonRecords } from './json.js';
import { normalized, originOf } from './normalize.js';
import { protobufRecords } from './protobuf.js';
import { UnreadableRecord } from './range.js';

export const PROTOBUF = 'application/x-protobuf';
export const JSON_TYPE = 'application/json';

export type Encoding = typeof PROTOBUF | typeof JSON_TYPE;

/** How a body is encoded, and so is its answer. @throws ApiError unsupported_media_type */
export function encodingOf(request: Request): Encoding {
  return mediaTypeOf(request.headers['content-type'], [PROTOBUF, JSON_TYPE]) as Encoding;
}

/** A record of a request, and what was made of it. */
export interface ReadRecord {
  readonly source: string;
  readonly mapped: Mapped;
}

/** What a request holds: its records, and their events with the record of each; events that say the same once. */
export interface Read {
  readonly records: ReadRecord[];
  readonly events: CloudEvent[];
  /** for each event the index of its record */
  readonly recordOf: number[];
}

interface Reading {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly most: number;
  readonly rights: MappingRights;
}

/** Reads and maps the records of a body one by one, yielding to other requests. @throws ApiError */
export async function readRecords(request: Request, { signal, encoding, most, rights }: Reading): Promise<Read> {
  const turn = new Turn();
  const raw =
    encoding === PROTOBUF
      ? protobufRecords(rawBytes(request), signal, { most, turn })
      : jsonRecords(bytesOf(request), signal, { most, turn });
  const read: Read = { records: [], events: [], recordOf: [] };
  const mapping = { ...rights, seen: new Map<string, Told[]>() };
  const said = new Set<string>();
  let origin = null as { resource: object; scope: object; of: Origin } | null;
  for (const found of raw) {
    if (turn.isOver) await turn.next();
    if (found === null) continue;
    const { resource, scope, record } = found;
    if (origin?.resource !== resource || origin.scope !== scope) {
      origin = { resource, scope, of: originOf(resource, scope) };
    }
    const source = sourceOf(origin.of);
    for (const mapped of mappedOf(record, signal, origin.of, mapping)) {
      read.records.push({ source, mapped });
      for (const event of mapped.events) {
        if (said.has(event.id)) continue;
        said.add(event.id);
        read.events.push(event);
        read.recordOf.push(read.records.length - 1);
      }
    }
  }
  return read;
}

function mappedOf(record: object | UnreadableRecord, signal: Signal, origin: Origin, rights: MappingRights): Mapped[] {
  if (record instanceof UnreadableRecord) return [{ name: '', outcome: 'unusable', note: record.reason, events: [] }];
  return normalized(signal, record, origin).map((one) => mapRecord(one, rights));
}

function rawBytes({ body }: Request): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

import type {
  LogRecord,
  Moment,
  Origin,
  PointRecord,
  SpanRecord,
  TelemetryRecord,
  Signal,
} from '../../telemetry/records.js';
import { momentOf, momentOfHalves, momentOfText } from '../../telemetry/times.js';
import { textOf, type Attributes, type Value } from '../../telemetry/values.js';
import { QuickLog } from './quick-log.js';

/** Values of one list or object that are read; more are the sender's mistake. */
const MOST_ITEMS = 10_000;
const MOST_DEPTH = 32;
/** OTLP's AggregationTemporality and StatusCode, also by name, as protobuf's JSON may have them. */
const TEMPORALITIES: Record<string, PointRecord['temporality']> = {
  1: 'delta',
  2: 'cumulative',
  AGGREGATION_TEMPORALITY_DELTA: 'delta',
  AGGREGATION_TEMPORALITY_CUMULATIVE: 'cumulative',
};
const ERRORS = new Set<unknown>([2, '2', 'STATUS_CODE_ERROR']);

type Raw = Record<string, unknown>;

/** What a decoded resource and scope say. */
export function originOf(resource: object, scope: object): Origin {
  return { resource: attributesOf((resource as Raw).attributes), scope: textOf(plain((scope as Raw).name)) ?? '' };
}

/** The records of one decoded message in a form that does not depend on the encoding: a metric has one for each point. */
export function normalized(signal: Signal, raw: object, origin: Origin): TelemetryRecord[] {
  if (signal === 'logs') return [logRecord(raw as Raw, origin)];
  if (signal === 'traces') return [spanRecord(raw as Raw, origin)];
  return pointRecords(raw as Raw, origin);
}

function logRecord(raw: Raw, origin: Origin): LogRecord {
  const { at, observedAt, eventName, body, attributes } = raw instanceof QuickLog ? raw : logOf(raw);
  return {
    resource: origin.resource,
    scope: origin.scope,
    signal: 'logs',
    at: at ?? momentOfText(textOf(attributes['event.timestamp'])) ?? observedAt,
    eventName,
    body,
    attributes,
  };
}

function logOf(raw: Raw): QuickLog {
  return {
    at: moment(raw.timeUnixNano),
    observedAt: moment(raw.observedTimeUnixNano),
    eventName: text(raw.eventName),
    body: raw.body === undefined ? null : anyValue(raw.body),
    attributes: attributesOf(raw.attributes),
  };
}

function spanRecord(raw: Raw, origin: Origin): SpanRecord {
  const status = raw.status as Raw | null | undefined;
  return {
    ...origin,
    signal: 'traces',
    name: text(raw.name),
    traceId: hex(raw.traceId),
    spanId: hex(raw.spanId),
    parentSpanId: hex(raw.parentSpanId),
    startedAt: moment(raw.startTimeUnixNano),
    endedAt: moment(raw.endTimeUnixNano),
    failed: typeof status === 'object' && status !== null && ERRORS.has(status.code),
    attributes: attributesOf(raw.attributes),
  };
}

function pointRecords(raw: Raw, origin: Origin): PointRecord[] {
  const kind = isObject(raw.sum) ? 'sum' : isObject(raw.gauge) ? 'gauge' : 'other';
  const points = kind === 'other' ? {} : (raw[kind] as Raw);
  const of = { ...origin, signal: 'metrics' as const, name: text(raw.name), kind } as const;
  const temporality = kind === 'sum' ? (TEMPORALITIES[String(points.aggregationTemporality)] ?? null) : null;
  const list = Array.isArray(points.dataPoints) ? points.dataPoints : [];
  if (list.length === 0) return [{ ...of, temporality, startedAt: null, at: null, value: null, attributes: {} }];
  return list.filter(isObject).map((point) => ({
    ...of,
    temporality,
    startedAt: moment(point.startTimeUnixNano),
    at: moment(point.timeUnixNano),
    value: finite(has(point, 'asInt') ? integer(point.asInt) : point.asDouble),
    attributes: attributesOf(point.attributes),
  }));
}

function attributesOf(list: unknown, depth = 0): Attributes {
  const attributes = Object.create(null) as Record<string, Value>;
  if (!Array.isArray(list)) return attributes;
  for (const item of list.slice(0, MOST_ITEMS)) {
    const { key, value } = (item ?? {}) as Raw;
    if (typeof key === 'string' && key !== '') attributes[key] = value === undefined ? null : anyValue(value, depth);
  }
  return attributes;
}

/** An AnyValue, of either encoding: protobuf's messages have defaults in their prototype. */
function anyValue(any: unknown, depth = 0): Value {
  if (!isObject(any) || depth > MOST_DEPTH) return null;
  if (has(any, 'stringValue')) return plain(any.stringValue);
  if (has(any, 'intValue')) return integer(any.intValue);
  if (has(any, 'doubleValue')) return finite(any.doubleValue);
  if (has(any, 'boolValue')) return typeof any.boolValue === 'boolean' ? any.boolValue : null;
  if (has(any, 'arrayValue') && isObject(any.arrayValue)) {
    const { values } = any.arrayValue;
    return Array.isArray(values) ? values.slice(0, MOST_ITEMS).map((value) => anyValue(value, depth + 1)) : [];
  }
  if (has(any, 'kvlistValue') && isObject(any.kvlistValue)) {
    return attributesOf(any.kvlistValue.values, depth + 1);
  }
  return null;
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null;
}

function has(object: Raw, member: string): boolean {
  return Object.hasOwn(object, member) && object[member] !== null && object[member] !== undefined;
}

function plain(value: unknown): Value {
  return typeof value === 'string' ? value : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface Long {
  readonly low: number;
  readonly high: number;
  toString(): string;
}

function isLong(value: unknown): value is Long {
  return isObject(value) && typeof value.low === 'number' && typeof value.high === 'number';
}

/** int64: a number where it is exact, else text. */
function integer(value: unknown): number | string | null {
  const said = isLong(value) ? value.toString() : value;
  if (typeof said === 'number') return Number.isInteger(said) ? said : null;
  if (typeof said !== 'string' || !/^-?\d{1,20}$/.test(said)) return null;
  const number = Number(said);
  return Number.isSafeInteger(number) ? number : said;
}

function finite(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function moment(value: unknown): Moment | null {
  return isLong(value) ? momentOfHalves(value.high, value.low) : momentOf(value);
}

/** An id: bytes in protobuf, hexadecimal digits in JSON. */
function hex(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'string' && /^[0-9a-f]{0,64}$/i.test(value) ? value.toLowerCase() : '';
}

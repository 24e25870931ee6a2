import { z } from 'zod';
import type { Rank } from '../contract/access.js';
import type { FAULT_CODES } from '../contract/answers.js';
import type { EventTypeDeclaration } from '../contract/event-type.js';
import { envelope, EVENT_TYPES, eventTypes, type EventData, type EventType } from '../contract/events.js';
import { quickOrError } from '../contract/quick.js';
import { listBounds } from '../contract/shape.js';
import { MAX_DEPTH } from '../contract/values.js';
import { budgetFault } from './budget-filters.js';
import { isFuture, pathToFuture, statedMs } from './future.js';
import { toldBy } from './heard-of.js';
import { isShallow } from './json.js';
import { statementOf, type EntityStatement, type TypedData } from './statements.js';

/** A valid event: what it states, and the data as it was sent, for the log. */
export interface ParsedEvent {
  source: string;
  id: string;
  /** as the event itself says; rights.ts limits it to what the sender's token allows */
  rank: Rank;
  type: EventType;
  /** epoch milliseconds: when it was known */
  timeMs: number;
  /** epoch milliseconds; Infinity: not by this event, it was made of the log */
  receivedMs: number;
  statement: EntityStatement;
  raw: Record<string, unknown>;
  /** further CloudEvents attributes, null if there are none */
  attributes: Record<string, unknown> | null;
}

/** Why an event was not accepted; `path` leads to the member at fault, e.g. `data.usage.inputTokens`. */
export interface Fault {
  code: (typeof FAULT_CODES)[number];
  path: string;
  message: string;
}

export type Parsed = { event: ParsedEvent; fault?: never } | { event?: never; fault: Fault };

const READ_ATTRIBUTES = new Set([
  ...['specversion', 'id', 'source', 'type', 'time', 'datacontenttype', 'data', 'data_base64'],
  ...['runboardrank', 'runboardreceived'],
]);

/** Checked before the schemas, which would report a fault for each of a million items. */
const LISTS = Object.fromEntries(EVENT_TYPES.map((type) => [type, listBounds(eventTypes[type].data)])) as Record<
  EventType,
  ReturnType<typeof listBounds>
>;

const readEnvelope = quickOrError(envelope);
const READ_DATA = Object.fromEntries(EVENT_TYPES.map((type) => [type, quickOrError(eventTypes[type].data)])) as Record<
  EventType,
  (data: unknown) => Record<string, unknown> | z.ZodError
>;

const IN_FUTURE = 'is more than 24 hours ahead of the clock of this service: correct the clock of the sender';

function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

/** When an event came. */
export interface Reception {
  /** epoch milliseconds, by the service's clock */
  readonly receivedMs: number;
  /** whether to believe the event when another service received it: it was checked against that time */
  readonly believesEarlier?: boolean;
}

/** Of an event that comes from the log. */
const LONG_AGO: Reception = { receivedMs: Infinity };

/** Validates one CloudEvent (design section 4). Pure: it never looks at what is stored. */
export function parseEvent(item: unknown, { receivedMs, believesEarlier = false }: Reception = LONG_AGO): Parsed {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return invalid('', 'must be a CloudEvent: a JSON object with specversion, id, source, type and data');
  }
  if (!isShallow(item)) return invalid('', `is nested deeper than ${MAX_DEPTH} levels`);
  const attributes = readEnvelope(item);
  if (attributes instanceof z.ZodError) return invalidBy(attributes, '');
  const { id, source, type } = attributes;
  if (!isEventType(type)) {
    const message = `${JSON.stringify(type.slice(0, 80))} is not an event type: use one of ${EVENT_TYPES.join(', ')}`;
    return { fault: { code: 'unknown_type', path: 'type', message } };
  }
  if ('data_base64' in item) return invalid('data_base64', 'must be a JSON object in base64, and data must be absent');
  const { data: raw } = item as { data?: unknown };
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return invalid('data', `must be a JSON object with the members of ${type}`);
  }
  const { moment, otherMoment }: EventTypeDeclaration = eventTypes[type];
  const long = tooLong(type, raw as Record<string, unknown>);
  if (long) return invalid(`data.${long[0]}`, `has more than ${long[1]} items: send fewer`);
  const data = READ_DATA[type](raw);
  if (data instanceof z.ZodError) return invalidBy(data, 'data');
  const fault = type === 'budget.set' ? budgetFault((data as EventData<typeof type>).filters) : null;
  if (fault !== null) return invalid('data.filters', fault);
  const said = data as Record<string, number | null | undefined>;
  const statedTimeMs =
    attributes.time ?? (moment === null ? null : (said[moment] ?? said[otherMoment ?? moment] ?? null));
  if (statedTimeMs === null)
    return invalid('time', `is required for ${type}: no member of its data says when it happened`);
  const earlierMs = believesEarlier ? (attributes.runboardreceived ?? Infinity) : Infinity;
  const isTaken = earlierMs <= receivedMs;
  const timeMs = isTaken ? statedMs(statedTimeMs, earlierMs) : statedTimeMs;
  const checkedMs = isTaken ? Infinity : receivedMs;
  const future = isFuture(attributes.time ?? 0, checkedMs) ? 'time' : pathToFuture(type, data, checkedMs);
  if (future !== null) return { fault: { code: 'time_in_future', path: future, message: IN_FUTURE } };
  const statement = statementOf({ type, data } as TypedData);
  const cameMs = Math.min(earlierMs, receivedMs);
  toldBy(statement, cameMs);
  return {
    event: {
      source,
      id,
      rank: attributes.runboardrank ?? 1,
      type,
      timeMs,
      receivedMs: cameMs,
      statement,
      raw: raw as Record<string, unknown>,
      attributes: furtherAttributes(item),
    },
  };
}

/** The first list that has too many items, and how many it may have. */
function tooLong(type: EventType, raw: Record<string, unknown>): [name: string, most: number] | null {
  for (const list of LISTS[type]) if (lengthOf(raw[list[0]]) > list[1]) return list;
  return null;
}

function furtherAttributes(item: object): ParsedEvent['attributes'] {
  for (const key in item) {
    if (!READ_ATTRIBUTES.has(key))
      return Object.fromEntries(Object.entries(item).filter(([name]) => !READ_ATTRIBUTES.has(name)));
  }
  return null;
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventTypes, type);
}

function invalid(path: string, message: string): Parsed {
  return { fault: { code: 'invalid_event', path, message } };
}

function invalidBy(error: z.ZodError, root: string): Parsed {
  const issue = error.issues[0]!;
  const path = [root, ...issue.path.map(String)].filter((part) => part !== '').join('.');
  return invalid(path, issue.message);
}

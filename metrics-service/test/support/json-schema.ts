import { z } from 'zod';
import { eventTypes, type EventType } from '../../src/contract/events.js';

/** As much of JSON Schema as the contract's schemas become. */
export interface JsonSchema {
  type?: string;
  format?: string;
  enum?: string[];
  maxLength?: number;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
}

/** What data of that type of event looks like, as it is sent. */
export function dataSchema(type: EventType): JsonSchema {
  return z.toJSONSchema(eventTypes[type].data, { io: 'input' }) as JsonSchema;
}

/** A schema without its null. */
export function known(schema: JsonSchema): JsonSchema {
  return schema.anyOf ? known(schema.anyOf.find(({ type }) => type !== 'null')!) : schema;
}

/** The members of objects, also of those in lists and other objects, by their paths: `usage.0.model`. */
export function members(schema: JsonSchema, path: string[] = []): [path: string, schema: JsonSchema][] {
  const { type, properties, items } = known(schema);
  if (type === 'array') return members(items!, [...path, '0']);
  return Object.entries(properties ?? {}).flatMap(([name, member]): [string, JsonSchema][] => [
    [[...path, name].join('.'), member],
    ...members(member, [...path, name]),
  ]);
}

/** A value as the schema wants it: only what is required, and what holds something. */
export function sample(schema: JsonSchema): unknown {
  const { type, format, enum: values, properties = {}, required = [], items } = known(schema);
  if (values) return values[0];
  if (format === 'date-time') return '2026-01-31T09:00:00Z';
  if (type === 'array') return [sample(items!)];
  if (type === 'string') return 'm';
  if (type !== 'object') return 1;
  const holders = Object.entries(properties).filter(([, member]) => ['array', 'object'].includes(known(member).type!));
  // one of them or a key is required
  const named = ['runId', 'sessionId'].filter((name) => name in properties);
  // one of two moments is required
  const moments = ['startedAt', 'completedAt'].filter((name) => name in properties);
  const moment = moments.length === 2 && !moments.some((name) => required.includes(name)) ? ['startedAt'] : [];
  const names = new Set([...required, ...named, ...moment, ...holders.map(([name]) => name)]);
  return Object.fromEntries([...names].map((name) => [name, sample(properties[name]!)]));
}

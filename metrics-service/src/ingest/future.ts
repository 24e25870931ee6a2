import { z } from 'zod';
import { EVENT_TYPES, eventTypes, type EventType } from '../contract/events.js';
import { unwrapped } from '../contract/shape.js';
import { time } from '../contract/values.js';

const HOUR_MS = 3_600_000;
/** How far a sender's clock may be ahead of the service's: an event from the far future could never be corrected. */
const AHEAD_MS = 24 * HOUR_MS;
/** `received_at` is by the database's clock, which may differ from the service's. */
const CLOCKS_APART_MS = HOUR_MS;

/** The members of an event type that are times, and those that are lists of objects with times. */
interface Times {
  members: string[];
  lists: [member: string, times: string[]][];
}

const TIMES = Object.fromEntries(
  EVENT_TYPES.map((type): [string, Times] => {
    const members = Object.entries<z.ZodType>(eventTypes[type].data.shape);
    const lists = members.flatMap(([name, schema]): Times['lists'] => {
      const list = unwrapped(schema);
      const item = list instanceof z.ZodArray ? list.element : null;
      const times = item instanceof z.ZodObject ? timesOf(Object.entries<z.ZodType>(item.shape)) : [];
      return times.length > 0 ? [[name, times]] : [];
    });
    return [type, { members: timesOf(members), lists }];
  }),
) as Record<EventType, Times>;

function timesOf(members: [string, z.ZodType][]): string[] {
  return members.filter(([, schema]) => unwrapped(schema) === time).map(([name]) => name);
}

/** Whether the log holds a time of an event that is later than its receipt: its export says when that was. */
export function isAhead(type: EventType, timeMs: number, data: Record<string, unknown>, receivedMs: number): boolean {
  const { members, lists } = TIMES[type];
  const items = lists.flatMap(([list, times]) =>
    ((data[list] ?? []) as Record<string, unknown>[]).flatMap((item) => times.map((name) => item[name])),
  );
  const stated = [...members.map((name) => data[name]), ...items].filter((value) => typeof value === 'string');
  return Math.max(timeMs, ...stated.map((text) => Date.parse(text))) > receivedMs;
}

/** The path of the first time in a valid event's data that lies too far ahead of `nowMs`; null if there is none. */
export function pathToFuture(type: EventType, data: Record<string, unknown>, nowMs: number): string | null {
  const latestMs = nowMs + AHEAD_MS;
  const { members, lists } = TIMES[type];
  for (const name of members) if ((data[name] as number) > latestMs) return `data.${name}`;
  for (const [list, times] of lists) {
    for (const [index, item] of ((data[list] ?? []) as Record<string, number>[]).entries()) {
      const within = times.find((name) => item[name]! > latestMs);
      if (within !== undefined) return `data.${list}.${index}.${within}`;
    }
  }
  return null;
}

export function isFuture(timeMs: number, nowMs: number): boolean {
  return timeMs > nowMs + AHEAD_MS;
}

/** The time that an event of the log counts from: an older version accepted times far in the future. */
export function statedMs(timeMs: number, receivedMs: number): number {
  return timeMs > receivedMs + AHEAD_MS + CLOCKS_APART_MS ? receivedMs : timeMs;
}

/** The same as SQL, for a row of `events`. */
export const STATED_AT = `case when time > received_at + interval '25 hours' then received_at else time end`;

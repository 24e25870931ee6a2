import type { TokenScope } from '../contract/access.js';
import { eventTypes, type EventType } from '../contract/events.js';
import type { Parsed } from './parse.js';

/** What a sender may do: the scopes of the token. */
export type Rights = readonly TokenScope[];

/** Those of a sender that may also say who users are (design section 4). */
export const DIRECTORY: Rights = ['ingest', 'directory'];

const OF_DIRECTORY = new Map<EventType, readonly string[]>(
  Object.entries(eventTypes).map(([type, { ofDirectory = [] }]) => [type as EventType, ofDirectory]),
);

/**
 * The event with the rank that these rights allow, at most the rank that it states itself; a fault if it sets a member
 * that its rank may not. Pure.
 */
export function permitted(parsed: Parsed, rights: Rights): Parsed {
  const { event } = parsed;
  if (!event || (event.rank === 1 && rights.includes('directory'))) return parsed;
  const said = OF_DIRECTORY.get(event.type)!.find((member) => (event.raw[member] ?? null) !== null);
  if (said === undefined) return { event: { ...event, rank: 0 } };
  const message = `only a token with scope directory may set ${said}`;
  return { fault: { code: 'forbidden', path: `data.${said}`, message } };
}

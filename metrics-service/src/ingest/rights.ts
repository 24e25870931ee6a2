import type { TokenScope } from '../contract/access.js';
import type { EventTypeDeclaration } from '../contract/event-type.js';
import { eventTypes, type EventType } from '../contract/events.js';
import type { Parsed } from './parse.js';

/** What a sender may do: the scopes of the token. */
export type Rights = readonly TokenScope[];

/** Those of a sender that may also say who users are (design section 4). */
export const DIRECTORY: Rights = ['ingest', 'directory'];
/** Of whoever administers the organization. */
export const ADMIN: Rights = ['admin'];
/** All there are, for what is the organization's own: its log, its demo. */
export const EVERYTHING: Rights = ['ingest', 'directory', 'admin'];

const OF_DIRECTORY = new Map<EventType, readonly string[]>(
  Object.entries(eventTypes).map(([type, { ofDirectory = [] }]) => [type as EventType, ofDirectory]),
);

/**
 * The event with the rank that these rights allow, at most the rank that it states itself; a fault if they do not allow it, or
 * it sets a member that its rank may not. Pure.
 */
export function permitted(parsed: Parsed, rights: Rights): Parsed {
  const { event } = parsed;
  if (!event) return parsed;
  const { scope = 'ingest' }: EventTypeDeclaration = eventTypes[event.type];
  if (!rights.includes(scope)) {
    const message = `only a token with scope ${scope} may send ${event.type}`;
    return { fault: { code: 'forbidden', path: 'type', message } };
  }
  // what only administrators say is of one rank, whichever of their tokens they say it with
  if (event.rank === 1 && rights.includes(scope === 'admin' ? scope : 'directory')) return parsed;
  const said = OF_DIRECTORY.get(event.type)!.find((member) => (event.raw[member] ?? null) !== null);
  if (said === undefined) return { event: { ...event, rank: 0 } };
  const message = `only a token with scope directory may set ${said}`;
  return { fault: { code: 'forbidden', path: `data.${said}`, message } };
}

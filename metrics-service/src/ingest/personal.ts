import { eventData, type EventType } from '../contract/events.js';
import type { Json } from './json.js';

type Members = { [member: string]: Json };

/** What a person is called or has written, by event type: all free texts, and a user's name and e-mail. */
export const PERSONAL_MEMBERS: Partial<Record<EventType, readonly string[]>> = {
  'user.upserted': ['name', 'email'],
  'session.created': ['title', 'branch'],
  'message.created': ['text'],
  'run.completed': ['errorSummary'],
};
/** The members that name a user. */
const USER_MEMBERS = ['userId', 'createdByUserId'];
/** The texts of `usage`, `phases` and `artifacts`. */
const NESTED_TEXTS = new Set(['model', 'name', 'startedAt', 'completedAt']);

/**
 * The data of an event without what tells of a person. '' takes the place of a text: it clears the field in every
 * merge that the text would have won, so that nothing else changes. Members that are not ours go, they may hold
 * anything. With `pseudonym` it stands for the user's id. Pure.
 */
export function withoutPerson(
  type: EventType,
  data: Json,
  { userId, pseudonym }: { userId: string; pseudonym: string | null },
): Json {
  const personal = PERSONAL_MEMBERS[type] ?? [];
  const kept: Members = {};
  for (const member of Object.keys(eventData[type].shape)) {
    const value = (data as Members)[member];
    if (value === undefined) continue;
    if (personal.includes(member)) kept[member] = value === null ? null : '';
    else if (USER_MEMBERS.includes(member) && value === userId) kept[member] = pseudonym ?? userId;
    else kept[member] = withoutForeign(value);
  }
  return kept;
}

function withoutForeign(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutForeign);
  if (typeof value !== 'object' || value === null) return value;
  const ours = Object.entries(value).filter(([key, member]) => typeof member === 'number' || NESTED_TEXTS.has(key));
  return Object.fromEntries(ours);
}

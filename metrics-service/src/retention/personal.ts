import { z } from 'zod';
import { EVENT_TYPES, eventTypes, type EventType } from '../contract/events.js';
import { holdsOf } from '../contract/holds.js';
import type { Json } from '../contract/json.js';
import { membersOf, unwrapped } from '../contract/shape.js';

interface Person {
  /** the person's ids, and what stands for each from now on */
  ids: Pick<ReadonlyMap<string, string>, 'get'>;
  /** the event is about somebody else, who only names the person: their words stay */
  isOthers?: boolean;
}

/** The members of events that name a user. */
export const PERSON_MEMBERS: readonly string[] = [
  ...new Set(
    EVENT_TYPES.flatMap((type) => [...membersOf(eventTypes[type].data)])
      .filter(([, schema]) => holdsOf(schema) === 'person')
      .map(([name]) => name),
  ),
];

/**
 * An event's data without what its schema marks as personal. A text becomes '': it clears the field wherever the text
 * would have won a merge, so nothing else changes. Unknown members are dropped, since they may hold anything. Pure.
 */
export function withoutPerson(type: EventType, data: Json, person: Person): Json {
  return erased(eventTypes[type].data, data, person);
}

/** Filters of runs in which the person's ids are replaced: in all forms that `contract/events/budgets.ts` lets in. */
export function filtersWithout(filters: Json, { ids }: Pick<Person, 'ids'>): Json {
  const renamed = (value: Json): Json => {
    if (typeof value === 'string') return ids.get(value) ?? value;
    if (Array.isArray(value)) return value.map(renamed);
    return value === null || typeof value !== 'object' ? value : { ...value, not: renamed(value.not ?? null) };
  };
  if (filters === null || typeof filters !== 'object' || Array.isArray(filters) || !('user' in filters)) return filters;
  return { ...filters, user: renamed(filters.user) };
}

function erasedList(schema: z.ZodType, list: Json[], person: Person): Json {
  const known = unwrapped(schema);
  if (known instanceof z.ZodArray && known.element instanceof z.ZodObject && holdsOf(known.element) !== null) {
    return person.isOthers ? list : [];
  }
  return known instanceof z.ZodArray ? list.map((item) => erased(known.element as z.ZodType, item, person)) : [];
}

function erased(schema: z.ZodType, value: Json, person: Person): Json {
  if (value === null) return null;
  if (Array.isArray(value)) return erasedList(schema, value, person);
  switch (holdsOf(schema)) {
    case 'words':
    case 'text':
      return person.isOthers ? value : '';
    case 'person':
      return typeof value === 'string' ? (person.ids.get(value) ?? value) : value;
    case 'filters':
      return filtersWithout(value, person);
  }
  const known = unwrapped(schema);
  if (typeof value !== 'object') return value;
  // numbers that metrics are made of
  if (known instanceof z.ZodRecord && unwrapped(known.valueType as z.ZodType) instanceof z.ZodNumber) return value;
  if (!(known instanceof z.ZodObject)) return {};
  const members = Object.entries<z.ZodType>(known.shape).filter(([name]) => value[name] !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, erased(member, value[name]!, person)]));
}

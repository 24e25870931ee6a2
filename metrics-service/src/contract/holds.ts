import { z } from 'zod';
import { unwrapped } from './shape.js';
import { name, optionalName, optionalText, optionalUrl } from './values.js';

/**
 * What a member of an event reveals about a person: `person` is a user's id; `words` name a person or were written by
 * one; `text` was said in a conversation and is stored only if the organization stores texts; `filters` of runs may name
 * users. What is stored, omitted and erased is derived from this.
 */
export type Holds = 'person' | 'words' | 'text' | 'filters';

const holding = z.registry<{ holds: Holds }>();

function that<Schema extends z.ZodType>(holds: Holds, schema: Schema): Schema {
  const marked = schema.clone(undefined, { parent: true });
  holding.add(marked, { holds });
  return marked;
}

export const personId = that('person', name);
export const optionalPersonId = that('person', optionalName);
/** What a person is called: a name, an e-mail. */
export const personName = that('words', optionalName);
/** What something is called: a name of at most 200 characters. */
export const title = that('words', optionalName);
/** Free text that is always stored, such as a title. */
export const words = that('words', optionalText);
/** Where something is shown: addresses may name a person. */
export const url = that('words', optionalUrl);
/** Free text of a conversation. */
export const text = that('text', optionalText);

/** An object of which some member was written by a person: in a list it goes as a whole. */
export function wordsOf<Schema extends z.ZodObject>(schema: Schema): Schema {
  return that('words', schema);
}

/** Filters of runs, by dimension. */
export function filters<Schema extends z.ZodType>(schema: Schema): Schema {
  return that('filters', schema);
}

/** What the schema reveals; null: nothing about a person. A list reveals what its items do. */
export function holdsOf(schema: z.ZodType): Holds | null {
  const held = holding.get(schema)?.holds;
  if (held !== undefined) return held;
  const inner = unwrapped(schema);
  return inner instanceof z.ZodArray ? holdsOf(inner.element as z.ZodType) : null;
}

import { z } from 'zod';
import { parseRfc3339 } from './rfc3339.js';

/** Ids and names are 1 to 200 characters (Unicode code points). */
export const MAX_NAME_CHARACTERS = 200;
/** The longest source, in characters and bytes. */
export const MAX_SOURCE_CHARACTERS = 1_000;
export const MAX_SOURCE_BYTES = 1_800;
/** Longer than a name: a key contains both a session and a prompt. */
export const MAX_KEY_CHARACTERS = 500;
/** What an issue tracker calls an item may be a URL. */
export const MAX_ITEM_CHARACTERS = 500;
/** Longest address of a page. */
export const MAX_URL_CHARACTERS = 2_000;
/** Free text is at most 64 KiB of UTF-8. */
export const MAX_TEXT_BYTES = 64 * 1024;
/** The largest event as sent: bytes, and values at all depths together. */
export const MAX_EVENT_BYTES = 1024 * 1024;
export const MAX_EVENT_VALUES = 50_000;
/** All values of a request's events together: an empty list takes 3 bytes as sent and 40 in memory. */
export const MAX_REQUEST_VALUES = 1_000_000;
/** The deepest nesting: nothing we read comes close, and PostgreSQL and JavaScript both recurse. */
export const MAX_DEPTH = 64;
/** Times lie between 2000 and 2100, in epoch milliseconds. */
export const EARLIEST_TIME_MS = Date.UTC(2000, 0, 1);
export const LATEST_TIME_MS = Date.UTC(2100, 0, 1);

/** Whether PostgreSQL can store the text unchanged: no NUL, no lone surrogate. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Whether the text has at most so many characters (code points). */
function isWithin(text: string, most: number): boolean {
  return text.length <= most || [...text].length <= most;
}

function nameFault(text: string, most = MAX_NAME_CHARACTERS): string | null {
  if (text.length === 0) return `must not be empty: 1 to ${most} characters`;
  if (!isWithin(text, most)) return `is longer than ${most} characters`;
  return isStorable(text) ? null : 'holds a NUL or half a surrogate pair';
}

/** A check that asks what is wrong with a text (null: nothing); as `superRefine`, without a closure for each text. */
function refusing(faultOf: (text: string) => string | null): z.core.CheckFn<string> {
  return ({ value, issues }) => {
    const message = faultOf(value);
    if (message !== null) issues.push({ code: 'custom', input: value, message, continue: true });
  };
}

/** A required id or name. */
export const name = nameOf(MAX_NAME_CHARACTERS);
/** A required id of a work item: a key, a URL. */
export const itemId = nameOf(MAX_ITEM_CHARACTERS);

function nameOf(most: number) {
  return z
    .string()
    .check(refusing((text) => nameFault(text, most)))
    .meta({ minLength: 1, maxLength: most });
}

/**
 * The origin of an event: a URI or a name. More bytes would not fit into the log's key together with the longest id.
 */
export const source = z.string().check(refusing(sourceFault)).meta({ minLength: 1, maxLength: MAX_SOURCE_CHARACTERS });

function sourceFault(text: string): string | null {
  if (text.length === 0) return `must not be empty: 1 to ${MAX_SOURCE_CHARACTERS} characters`;
  if (!isWithin(text, MAX_SOURCE_CHARACTERS)) return `is longer than ${MAX_SOURCE_CHARACTERS} characters`;
  if (Buffer.byteLength(text) > MAX_SOURCE_BYTES) return `is longer than ${MAX_SOURCE_BYTES} bytes of UTF-8`;
  return isStorable(text) ? null : 'holds a NUL or half a surrogate pair';
}

/** An optional id or name: absent and null say nothing, '' clears it. */
export const optionalName = clearable(MAX_NAME_CHARACTERS).nullish();
/** The id of a work item; '' says that there is none. */
export const itemIdOrNone = clearable(MAX_ITEM_CHARACTERS);
export const optionalItemId = itemIdOrNone.nullish();

function clearable(most: number) {
  return z
    .string()
    .check(refusing((text) => (text === '' ? null : nameFault(text, most))))
    .meta({ maxLength: most });
}

/** An optional key that ties records of one run together: absent and null say nothing. */
export const optionalKey = z
  .string()
  .min(1, { error: 'must not be empty: 1 to 500 characters' })
  .refine((text) => isWithin(text, MAX_KEY_CHARACTERS), { error: 'is longer than 500 characters' })
  .refine(isStorable, { error: 'holds a NUL or half a surrogate pair' })
  .meta({ maxLength: MAX_KEY_CHARACTERS })
  .nullish();

/** Of the id of a run or session that neither it nor a key names. */
export const REQUIRED_WITHOUT_KEY =
  'is required unless the event has a key, by which records of one run find each other';

/** An optional address of a page: http or https only, since lists link to it. '' clears it. */
export const optionalUrl = z
  .string()
  .refine((text) => isWithin(text, MAX_URL_CHARACTERS), {
    error: `is longer than ${MAX_URL_CHARACTERS} characters`,
    abort: true,
  })
  .refine((text) => text === '' || isHttpUrl(text), {
    error: 'must be an address that begins with http:// or https://, without white space',
  })
  .meta({ format: 'uri-reference', maxLength: MAX_URL_CHARACTERS })
  .nullish();

/** A URL parser skips white space and control characters: here they are refused. */
function isHttpUrl(text: string): boolean {
  return /^https?:\/\/[^\s\p{C}]+$/iu.test(text) && URL.canParse(text);
}

/**
 * Optional free text, at most 64 KiB; '' clears it. Characters that cannot be stored become U+FFFD, before the length
 * is checked.
 */
export const optionalText = z
  .string()
  .transform(storableText)
  .refine((text) => text.length * 3 <= MAX_TEXT_BYTES || Buffer.byteLength(text) <= MAX_TEXT_BYTES, {
    error: 'is longer than 64 KiB',
  })
  .meta({ maxLength: MAX_TEXT_BYTES })
  .nullish();

/** NUL and lone surrogates as U+FFFD. */
export function storableText(text: string): string {
  return isStorable(text) ? text : text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** One of a closed list; the message names the list. */
export function oneOf<const Values extends readonly string[]>(values: Values) {
  const all = values.join(', ');
  return z.enum(values, {
    error: ({ input }) => (input == null ? `is required: one of ${all}` : `${shown(input)} is not one of ${all}`),
  });
}

/** Like `oneOf`, but optional; '' clears it. */
export function optionalOneOf<const Values extends readonly string[]>(values: Values) {
  return z
    .enum([...values, ''] as [...Values, ''], {
      error: (issue) => `${shown(issue.input)} is not one of ${values.join(', ')}`,
    })
    .nullish();
}

/** What was sent, as JSON, shortened for a message. */
export function shown(input: unknown): string {
  const text = typeof input === 'string' ? JSON.stringify(input) : String(JSON.stringify(input));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** A list of at most `most` items. */
export function list<Item extends z.ZodType>(item: Item, most: number) {
  return z.array(item).max(most, { error: `has more than ${most} items` });
}

/** A count: an integer from 0 to 2^53 − 1. An invalid one aborts the checks, so that it is never added up. */
export const naturalNumber = z
  .number()
  .refine((value) => Number.isSafeInteger(value) && value >= 0, {
    error: 'must be an integer from 0 to 2^53 − 1',
    abort: true,
  })
  .transform((value) => value + 0)
  .meta({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** An object of at most `most` numbers by name; null says nothing. */
export function numbersByName(most: number) {
  const number = z.number({
    error: ({ input }) => (typeof input === 'number' ? 'must be finite' : 'must be a number'),
  });
  return z
    .record(name, number.nullable(), {
      error: ({ code }) =>
        code === 'invalid_key' ? 'has a name that is not 1 to 200 characters' : 'must be an object of numbers by name',
    })
    .refine((numbers) => Object.keys(numbers).length <= most, { error: `has more than ${most} members` })
    .meta({ maxProperties: most });
}

/** RFC 3339 text between 2000 and 2100, read as epoch milliseconds. */
export const time = z
  .string()
  .transform((text, context) => {
    const ms = parseRfc3339(text);
    if (ms === null) {
      context.addIssue({ code: 'custom', message: 'must be an RFC 3339 time such as 2026-01-31T09:30:00.000Z' });
      return z.NEVER;
    }
    if (ms < EARLIEST_TIME_MS || ms >= LATEST_TIME_MS) {
      context.addIssue({ code: 'custom', message: 'must lie between 2000 and 2100' });
      return z.NEVER;
    }
    return ms;
  })
  .meta({ format: 'date-time', description: 'RFC 3339, between 2000 and 2100' });

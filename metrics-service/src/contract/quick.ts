import { z } from 'zod';
import { plainly } from './plain-faults.js';

/** What `quick` answers for a value that the schema may refuse. */
export const REFUSED = Symbol('refused');

/** The value as the schema reads it; `REFUSED` if it may not be valid: then the schema itself says so, and why. */
type Reader = (value: unknown) => unknown;

/**
 * A schema as a plain function for values that are valid, as nearly all are. Reading with the schema itself makes several
 * objects for each member, which took a fifth of the CPU time of ingest. Kinds of schemas that are not known here are asked
 * themselves.
 */
export function quick<Schema extends z.ZodType>(schema: Schema): (value: unknown) => z.output<Schema> | typeof REFUSED {
  return readerOf(schema) as (value: unknown) => z.output<Schema> | typeof REFUSED;
}

/** The same, answering the schema's error, in plain words, for a value that is not valid. */
export function quickOrError<Schema extends z.ZodType>(
  schema: Schema,
): (value: unknown) => z.output<Schema> | z.ZodError {
  const quickly = quick(schema);
  return (value) => {
    const found = quickly(value);
    if (found !== REFUSED) return found;
    const said = schema.safeParse(value, { error: plainly });
    return said.success ? said.data : said.error;
  };
}

function readerOf(schema: z.ZodType): Reader {
  const { checks: declared = [] } = schema._zod.def;
  if (declared.some((check) => check._zod.def.check === 'overwrite')) return asked(schema);
  const read = kindReader(schema);
  const checks = declared.map(checkOf);
  if (checks.length === 0) return read;
  return (value) => {
    const result = read(value);
    if (result === REFUSED) return REFUSED;
    for (const passes of checks) if (!passes(result)) return REFUSED;
    return result;
  };
}

function kindReader(schema: z.ZodType): Reader {
  if (schema instanceof z.ZodObject && !schema.def.catchall) return objectReader(schema);
  if (schema instanceof z.ZodArray) return listReader(readerOf(schema.def.element as z.ZodType));
  if (schema instanceof z.ZodOptional) return unless(undefined, readerOf(schema.def.innerType as z.ZodType));
  if (schema instanceof z.ZodNullable) return unless(null, readerOf(schema.def.innerType as z.ZodType));
  if (schema instanceof z.ZodPipe) {
    return inTurn(readerOf(schema.def.in as z.ZodType), readerOf(schema.def.out as z.ZodType));
  }
  if (schema instanceof z.ZodTransform) return transformer(schema.def.transform);
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) return oneOf(schema._zod.values);
  if (schema instanceof z.ZodBoolean) return when((value) => typeof value === 'boolean');
  const isPlain = !('format' in schema._zod.def) && !('coerce' in schema._zod.def && schema._zod.def.coerce);
  if (schema instanceof z.ZodNumber && isPlain) return when((value) => Number.isFinite(value));
  if (schema instanceof z.ZodString && isPlain) return when((value) => typeof value === 'string');
  return asked(schema);
}

function asked(schema: z.ZodType): Reader {
  return (value) => {
    const read = schema.safeParse(value);
    return read.success ? read.data : REFUSED;
  };
}

function when(is: (value: unknown) => boolean): Reader {
  return (value) => (is(value) ? value : REFUSED);
}

function oneOf(values: ReadonlySet<unknown>): Reader {
  return (value) => (values.has(value) ? value : REFUSED);
}

function unless(nothing: undefined | null, read: Reader): Reader {
  return (value) => (value === nothing ? value : read(value));
}

function inTurn(first: Reader, second: Reader): Reader {
  return (value) => {
    const read = first(value);
    return read === REFUSED ? REFUSED : second(read);
  };
}

function listReader(read: Reader): Reader {
  return (value) => {
    if (!Array.isArray(value)) return REFUSED;
    const items: unknown[] = [];
    for (const item of value) {
      const said = read(item);
      if (said === REFUSED) return REFUSED;
      items.push(said);
    }
    return items;
  };
}

/** Members that are absent are left out, unknown ones dropped. */
function objectReader({ shape }: z.ZodObject): Reader {
  const members = Object.entries<z.ZodType>(shape).map(([name, member]) => {
    const read = readerOf(member);
    return { name, read, mayBeAbsent: read(undefined) === undefined };
  });
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return REFUSED;
    const said = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const { name, read, mayBeAbsent } of members) {
      const own = said[name];
      if (own === undefined && mayBeAbsent) continue;
      const member = read(own);
      if (member === REFUSED) return REFUSED;
      if (member !== undefined) result[name] = member;
    }
    return result;
  };
}

type Payload = z.core.ParsePayload<never>;
type Transform = (value: unknown, payload: Payload) => unknown;

/** What a check or transformation that finds fault writes it into; one for all, as none is under way at the same time. */
const PAYLOAD: z.core.ParsePayload & { addIssue?: () => void } = { value: null, issues: [] };

/** Whether `work` finds no fault. */
function passesWith(value: unknown, work: (payload: Payload) => void): boolean {
  PAYLOAD.value = value;
  work(PAYLOAD as Payload);
  PAYLOAD.value = null;
  if (PAYLOAD.issues.length === 0) return true;
  PAYLOAD.issues = [];
  return false;
}

function transformer(transform: Transform): Reader {
  let result: unknown;
  const work = (payload: Payload): void => {
    PAYLOAD.addIssue = noteFault;
    result = transform(payload.value, payload);
  };
  return (value) => (passesWith(value, work) ? result : REFUSED);
}

function noteFault(): void {
  PAYLOAD.issues.push({ code: 'custom', input: null, path: [] });
}

function checkOf(check: z.core.$ZodCheck): (value: unknown) => boolean {
  const { when: applies } = check._zod.def;
  const work = (payload: Payload): void => {
    if (!applies || applies(payload)) void check._zod.check(payload);
  };
  return (value) => passesWith(value, work);
}

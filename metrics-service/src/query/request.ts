import type { z } from 'zod';
import { isTemplate, querySchema, requestSchema, unknownMembers, type Query } from '../contract/query.js';
import { findDimension, DIMENSIONS } from '../catalogue/dimensions.js';
import { noVariables } from '../format/alert-rules.js';
import { migrateQuery } from './migrate.js';
import { InvalidQuery, quoted, unknownName } from './invalid.js';
import { isNoZone } from './zone.js';

/** One query of a request as received, with the name of its result. */
export interface AskedQuery {
  readonly refId: string;
  readonly given: unknown;
}

export interface AskedRequest {
  readonly given: z.infer<typeof requestSchema>;
  readonly queries: readonly AskedQuery[];
  readonly unknown: readonly string[];
}

/** Reads the request around the queries. @throws InvalidQuery if it has no queries, or a duplicate refId */
export function readRequest(body: unknown): AskedRequest {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) {
    throw new InvalidQuery('the body must be an object with `queries`, a list of 1 to 200 queries');
  }
  const taken = new Set(parsed.data.queries.flatMap((given) => refIdOf(given) ?? []));
  const queries = parsed.data.queries.map((given) => ({ refId: refIdOf(given) ?? freeLetter(taken), given }));
  const twice = queries.find(({ refId }, index) => queries.findIndex((other) => other.refId === refId) < index);
  if (twice) throw new InvalidQuery(`refId ${quoted(twice.refId)} stands twice: each query needs its own`);
  return { given: parsed.data, queries, unknown: unknownMembers(parsed.data, requestSchema) };
}

function refIdOf(given: unknown): string | null {
  const refId = isObject(given) ? given.refId : null;
  return typeof refId === 'string' && refId !== '' ? refId : null;
}

/** A, B, … Z, Q27, Q28 …: takes the first that no query has. */
function freeLetter(taken: Set<string>): string {
  for (let number = 0; ; number++) {
    const letter = number < 26 ? String.fromCharCode(65 + number) : `Q${number + 1}`;
    if (taken.has(letter)) continue;
    taken.add(letter);
    return letter;
  }
}

const INHERITED = ['from', 'to', 'timezone', 'maxDataPoints'] as const;

/** A query completed with the request's defaults, and its unknown members. */
export function readQuery(asked: AskedQuery, request: AskedRequest): { query: Query; unknown: string[] } {
  if (!isObject(asked.given)) throw new InvalidQuery('a query must be an object with view, metrics, filters …');
  const inherited = INHERITED.map((member) => [member, request.given[member]] as const);
  const given: Record<string, unknown> = {
    ...Object.fromEntries(inherited),
    ...withoutNulls(migrateQuery(asked.given)),
  };
  if (isNoZone(given.timezone) && !isNoZone(request.given.timezone)) given.timezone = request.given.timezone;
  refuseTemplates(given);
  const parsed = querySchema.safeParse(given);
  if (!parsed.success) throw new InvalidQuery(firstIssue(parsed.error));
  parsed.data.adhocFilters?.forEach(({ dimension }) => refuseUnknownDimension(dimension));
  return { query: parsed.data, unknown: [...request.unknown, ...unknownMembers(asked.given, querySchema)] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null and empty text count as absent, so that the request's defaults apply. */
function withoutNulls(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== ''));
}

/** Refuses an unresolved template variable, which would otherwise give an empty answer. */
function refuseTemplates(given: Record<string, unknown>): void {
  for (const member of Object.keys(querySchema.shape)) {
    if (member === 'refId') continue;
    for (const [path, text] of textsIn(given[member], member, 3)) {
      if (!isTemplate(text)) continue;
      const why = 'the template variable was not resolved';
      throw new InvalidQuery(`${path} is still ${quoted(text)}: ${why}; ${noVariables(text.slice(0, 80))}`);
    }
  }
}

/** Every text in a member, including keys of objects, with its path. */
function* textsIn(value: unknown, path: string, depth: number): Generator<[path: string, text: string]> {
  if (typeof value === 'string') yield [path, value];
  if (depth === 0 || typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield [path, key];
    yield* textsIn(inner, Array.isArray(value) ? path : `${path}.${key}`, depth - 1);
  }
}

function refuseUnknownDimension(name: string): void {
  if (findDimension(name)) return;
  const known = DIMENSIONS.map((dimension) => dimension.name);
  throw unknownName('dimension', name, known);
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path}: ${issue?.message ?? 'is not valid'}`;
}

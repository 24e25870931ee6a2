import { querySchema } from '../contract/query.js';
import { byOfParameters, filtersOfParameters, textsOf } from '../query/filter-parameters.js';
import { InvalidQuery, quoted } from '../query/invalid.js';

const LISTS = ['metrics', 'groupBy', 'kinds'] as const;
/** Members of a query that an export ignores, or reads in its own way. */
const OTHERS = [...LISTS, 'filters', 'by', 'adhocFilters', 'refId', 'version', 'view'];
const SINGLE = Object.keys(querySchema.shape).filter((member) => !OTHERS.includes(member));

/** What headings say. */
export const HEADINGS = ['plain', 'units'] as const;

/**
 * The query that a query string stands for: the members of a query by name, lists as repeated or comma-separated
 * values, `filters` as JSON, and filters also as repeated `var-<dimension>`. Empty values say nothing. Pure.
 * @throws InvalidQuery
 */
export function readParameters(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const single = SINGLE.map((name): [string, unknown] => {
    const values = textsOf(given[name]);
    if (values.length > 1) throw new InvalidQuery(`${name} is given more than once`);
    return [name, values[0]];
  });
  const lists = LISTS.map((name): [string, unknown] => [name, textsOf(given[name]).flatMap((text) => text.split(','))]);
  const by: [string, unknown] = ['by', byOfParameters(given)];
  const said = [...single, ...lists, by].filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(said), filters: filtersOfParameters(given) };
}

/** The cursor of a query string, if it has one. @throws InvalidQuery */
export function readCursorParameter(given: Readonly<Record<string, unknown>>): string | undefined {
  const [cursor, ...more] = textsOf(given.cursor);
  if (more.length > 0) throw new InvalidQuery('cursor is given more than once');
  return cursor;
}

/** Whether a query string asks for a byte-order mark. @throws InvalidQuery */
export function readBomParameter(given: Readonly<Record<string, unknown>>): boolean {
  const said = textsOf(given.bom).join();
  if (!['', 'true', 'false'].includes(said)) throw new InvalidQuery(`bom must be true or false, not ${quoted(said)}`);
  return said === 'true';
}

/** Whether a query string asks for headings with units. @throws InvalidQuery */
export function readHeadingsParameter(given: Readonly<Record<string, unknown>>): boolean {
  const said = textsOf(given.headings).join();
  if (!['', ...HEADINGS].includes(said)) throw new InvalidQuery(`headings must be plain or units, not ${quoted(said)}`);
  return said === 'units';
}

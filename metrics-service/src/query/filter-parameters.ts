import { DIMENSIONS, findDimension } from '../catalogue/dimensions.js';
import { InvalidQuery, quoted, unknownName } from './invalid.js';

/** Values of a Grafana variable that mean "no filter". */
const NO_FILTER = ['$__all', '*'];

/**
 * The filters of a query string: `filters` as JSON, and as Grafana writes its variables: repeated `var-<dimension>`, of which
 * `$__all` and `*` say nothing. Pure. @throws InvalidQuery
 */
export function filtersOfParameters(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const [json, ...more] = textsOf(given.filters);
  if (more.length > 0) throw new InvalidQuery('filters is given more than once');
  const filters = json === undefined ? {} : readJson('filters', json);
  const variables = Object.keys(given).filter((name) => name.startsWith('var-'));
  const fromVariables = variables.flatMap((variable): [string, string[]][] => {
    const name = variable.slice('var-'.length);
    if (!findDimension(name)) throw unknownDimension(name);
    if (Object.hasOwn(filters, name)) throw new InvalidQuery(`${name} is filtered by filters and by ${variable}`);
    const values = textsOf(given[variable]);
    return values.some((value) => NO_FILTER.includes(value)) ? [] : [[name, values]];
  });
  return Object.fromEntries([...Object.entries(filters), ...fromVariables]);
}

function unknownDimension(name: string): InvalidQuery {
  return unknownName(
    'dimension',
    name,
    DIMENSIONS.map((dimension) => dimension.name),
  );
}

/** The `by` of a query string, as JSON; undefined without. @throws InvalidQuery */
export function byOfParameters(given: Readonly<Record<string, unknown>>): object | undefined {
  const [json, ...more] = textsOf(given.by);
  if (more.length > 0) throw new InvalidQuery('by is given more than once');
  return json === undefined ? undefined : readJson('by', json);
}

function readJson(name: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // reported below
  }
  throw new InvalidQuery(`${name} must be JSON such as {"repo":["web"]}, not ${quoted(text)}`);
}

/** The texts of a parameter that may be repeated; empty ones say nothing. */
export function textsOf(value: unknown): string[] {
  return [value].flat().filter((text): text is string => typeof text === 'string' && text !== '');
}

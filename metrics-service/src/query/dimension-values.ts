import { z } from 'zod';
import type { Dimension } from '../catalogue/dimensions.js';
import { inWords, WORDS } from '../catalogue/words.js';
import { isDimensionVisible } from '../access/viewer-scope.js';
import { filter as filterValues, instant, wholeNumber } from '../contract/query.js';
import { isStorable } from '../contract/values.js';
import type { QuestionContext } from './context.js';
import { budgetsNamed } from './budgets/named.js';
import { dimensionOf, filtersOf, type Filter } from './filters.js';
import { filtersOfParameters } from './filter-parameters.js';
import { InvalidQuery } from './invalid.js';
import { resolveFilters } from './resolve.js';
import { seesSources } from './sources.js';
import { rolledValues } from './rolled-values.js';
import { dimensionValuesStatement } from './statements/dimension-values.js';
import { checkRunFilters } from './views/runs.js';

const text = z.string({ error: 'must be text, given once' });

/** The query string of GET /v1/dimensions/{name}/values; empty parameters are ignored. */
export const dimensionParameters = z.object({
  search: text.default(''),
  from: instant.optional(),
  to: instant.optional(),
  limit: wholeNumber(1, 10_000).default(100),
});

/** A value to filter by, and its label. */
export interface DimensionValue {
  readonly value: string;
  readonly label: string;
}

/** The values that a dimension has whatever the data says. */
function fixedValues({ flag, ofClock }: Dimension): string[] | null {
  if (flag) return ['true', 'false'];
  if (!ofClock) return null;
  const [least, greatest] = ofClock;
  return Array.from({ length: greatest - least + 1 }, (_, index) => String(least + index));
}

/**
 * The values of a dimension in the organization, sorted by label. `given` is the query string: `search` in value or
 * label, `from` and `to` (both or neither), `limit` (default 100), `filters` as JSON or `var-<dimension>`: the values on
 * runs that pass.
 * @throws InvalidQuery
 */
export async function dimensionValues(
  context: QuestionContext,
  name: string,
  given: Record<string, unknown>,
): Promise<DimensionValue[]> {
  const { scope } = context;
  const dimension = dimensionOf(name);
  const { search, limit, window } = readParameters(given);
  // no value contains text that PostgreSQL cannot store; hidden values are not offered
  if (!isStorable(search) || !isDimensionVisible(scope, name)) return [];
  const fixed = fixedValues(dimension);
  if (fixed) {
    const found = fixed.filter((value) => value.includes(search.toLowerCase()));
    return found.slice(0, limit).map((value) => ({ value, label: value }));
  }
  if (name === 'source' && !seesSources(scope)) return [];
  if (name === 'budget') return (await budgetsNamed(context, search)).slice(0, limit);
  const filters = await filtersIn(context, given);
  const ofRuns = await rolledValues(context, { dimension, window, filters });
  const ask = async (part: { search: string; limit: number }): Promise<DimensionValue[]> => {
    const statement = dimensionValuesStatement(context.orgId, { dimension, window, filters, scope, ofRuns, ...part });
    const rows = (await context.ask(statement)) as unknown as DimensionValue[];
    return rows.map(({ value, label }) => ({ value, label }));
  };
  const words = WORDS[name];
  if (!words) return ask({ search, limit });
  // the few ids of a list are searched as id and as word
  const all = await ask({ search: '', limit: Object.keys(words).length + 1 });
  const has = (text: string): boolean => text.toLowerCase().includes(search.toLowerCase());
  const said = all.map(({ value, label }) => ({ value, label: inWords(name, label) }));
  return said.filter(({ value, label }) => has(value) || has(label)).slice(0, limit);
}

/** The filters of the query string, which must be for runs. */
async function filtersIn(context: QuestionContext, given: Record<string, unknown>): Promise<readonly Filter[]> {
  const said = z.record(z.string(), filterValues).safeParse(filtersOfParameters(given));
  if (!said.success) throw new InvalidQuery(`filters: ${said.error.issues[0]!.message}`);
  const filters = filtersOf({ filters: said.data });
  checkRunFilters(filters);
  return resolveFilters(context, filters);
}

function readParameters(given: Record<string, unknown>) {
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const parsed = dimensionParameters.safeParse(said);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InvalidQuery(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { from, to, ...rest } = parsed.data;
  if (from === undefined && to === undefined) return { ...rest, window: null };
  if (from === undefined || to === undefined) throw new InvalidQuery('from and to are needed both, or neither');
  if (from >= to) throw new InvalidQuery(`from (${from}) must lie before to (${to})`);
  return { ...rest, window: { from, to } };
}

import type { Notice } from '../contract/frames.js';
import type { Query } from '../contract/query.js';
import type { QuestionContext, Settings } from './context.js';
import { adHocFiltersOf, filtersOf, type Filter } from './filters.js';
import { InvalidQuery } from './invalid.js';
import { resolveFilters } from './resolve.js';
import type { Planned, View } from './views/view.js';

/**
 * Plans a query. First everything that needs no database is checked; then the names in the filters are looked up.
 * @throws InvalidQuery
 */
export async function planQuestion<Plan extends Planned>(
  context: QuestionContext,
  view: View<Plan>,
  query: Query,
): Promise<{ plan: Plan; notices: Notice[] }> {
  const { plan, notices } = planWithAdHocFilters(view, query, context.settings);
  const filters = await resolveFilters(context, plan.rows.filters);
  return { plan: { ...plan, rows: { ...plan.rows, filters } }, notices };
}

/**
 * The plan with the ad hoc filters that the query supports. They belong to a dashboard whose panels do not support all
 * of them: unsupported ones are left out, with a notice. Pure.
 * @throws InvalidQuery for a query that cannot be answered without them either
 */
function planWithAdHocFilters<Plan extends Planned>(
  view: View<Plan>,
  query: Query,
  settings: Settings,
): { plan: Plan; notices: Notice[] } {
  const { filters, adhocFilters, ...rest } = query;
  const own = filtersOf({ filters }, view.filters);
  const planWith = (more: readonly Filter[]): Plan => view.plan({ ...rest, filters: [...own, ...more] }, settings);
  const plan = planWith([]);
  if (!adhocFilters || adhocFilters.length === 0) return { plan, notices: [] };
  const taken: Filter[] = [];
  const notices: Notice[] = [];
  for (const one of adhocFilters) {
    try {
      const found = adHocFiltersOf([one]);
      planWith(found);
      for (const filter of found) taken.push(filter);
    } catch (error) {
      if (!(error instanceof InvalidQuery)) throw error;
      const text = `the dashboard's filter on ${one.dimension} is left out here: ${error.message}`;
      notices.push({ severity: 'warning', text });
    }
  }
  return { plan: planWith(taken), notices };
}

import type { Notice } from '../contract/frames.js';
import type { Query } from '../contract/query.js';
import { InvalidQuery } from './invalid.js';
import type { Defaults } from './plan.js';
import type { Planned, View } from './views/view.js';

/**
 * The plan of a query with the ad hoc filters that it takes. They come from the top of a dashboard whose panels do not
 * all take them: one that this query does not take is left out, and a notice says so. Pure.
 * @throws InvalidQuery for a query that cannot be answered without them either
 */
export function planAdHoc(view: View, query: Query, defaults: Defaults): { planned: Planned; notices: Notice[] } {
  const adHoc = query.adhocFilters ?? [];
  const planWith = (adhocFilters: typeof adHoc): Planned => view.plan({ ...query, adhocFilters }, defaults);
  const planned = planWith([]);
  if (adHoc.length === 0) return { planned, notices: [] };
  const reasons = adHoc.map((filter) => refusal(() => planWith([filter])));
  const notices = adHoc.flatMap(({ dimension }, index): Notice[] => {
    const text = `the dashboard's filter on ${dimension} is left out here: ${reasons[index]}`;
    return reasons[index] === null ? [] : [{ severity: 'warning', text }];
  });
  return { planned: planWith(adHoc.filter((_, index) => reasons[index] === null)), notices };
}

function refusal(plan: () => unknown): string | null {
  try {
    plan();
    return null;
  } catch (error) {
    if (error instanceof InvalidQuery) return error.message;
    throw error;
  }
}

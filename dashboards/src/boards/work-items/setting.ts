import { steps } from '../../colours.js';
import { BANDS } from '../../../../metrics-service/src/contract/cost-bands.js';
import { CHOSEN, type Setting } from '../../query.js';
import { COLOURED_CELL } from '../../tables.js';
import { choice, filteredBy, SHARED } from '../../variables.js';
import { VariableHide } from '@grafana/grafana-foundation-sdk/dashboard';

/** What work items are filtered by besides the shared filters. */
export const OF_ITEMS = ['project', 'work_item_type', 'epic'];
export const FILTERS = [...SHARED, ...OF_ITEMS];

export const ALL: Setting = { datasource: CHOSEN, filters: filteredBy(FILTERS) };
/** A closed item has no user: its closing run has a model and a runtime. */
export const CLOSED: Setting = { datasource: CHOSEN, filters: filteredBy([...OF_ITEMS, 'runtime', 'model']) };
/** The sessions that nobody linked have none of what belongs to items. */
export const UNLINKED: Setting = { datasource: CHOSEN, filters: filteredBy(SHARED) };

/** One work item, and nothing while none is chosen: the empty text is nobody's id. */
export const ROWS: Setting = { datasource: CHOSEN, filters: { work_item: ['$work_item', ''] } };
export const ONE: Setting = { datasource: CHOSEN, filters: filteredBy(['work_item']) };

/** The variable that orders the list. */
export const BY = 'by';
export const KEPT = [...OF_ITEMS, BY];

export function byVariable(hide = VariableHide.DontHide) {
  return choice(BY, 'First', [
    ['Dearest', 'total_cost'],
    ['Latest', 'first_run_at'],
    ['Longest open', 'time_to_close'],
    ['Most sessions', 'sessions'],
    ['Most runs', 'runs'],
    ['Most escalations', 'escalations'],
  ]).hide(hide);
}

/** A cost in the colour of its band. */
export const BANDED = [
  COLOURED_CELL,
  ...steps(
    ...(BANDS.map(({ name }, index) => [index === 0 ? 0 : BANDS[index - 1]!.belowUsd!, name] as const) as unknown as [
      readonly [number, string],
      ...(readonly [number, string])[],
    ]),
  ),
];

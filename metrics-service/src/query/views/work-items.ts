import { EARLIEST_MS, LATEST_MS } from '../../contract/query.js';
import { runs, runsBase } from '../../catalogue/bases/runs.js';
import workItemsMetric from '../../catalogue/metrics/work_items.js';
import { takes } from '../../catalogue/index.js';
import type { Notice } from '../../contract/frames.js';
import type { QuestionContext } from '../context.js';
import { checkTakes } from '../plan.js';
import type { Reason } from '../reasons.js';
import type { Rows } from '../rows.js';
import { isNarrow } from '../sql/row-scope.js';
import { runMeasuresStatement } from '../statements/run-measures.js';
import { WORK_ITEM_COLUMNS, workItemsListStatement } from '../statements/work-items-list.js';
import { listView } from './list-view.js';

/** The work items that runs in the window are about, one row each. */
export const workItems = listView({
  name: 'work_items',
  what: 'work item',
  title: 'Work items list',
  columns: WORK_ITEM_COLUMNS,
  by: 'total_cost',
  filters: takes(workItemsMetric).filters,
  check: (filters) => checkTakes(workItemsMetric, [], filters),
  statement: workItemsListStatement,
  notices: yourPart,
  whyNone: whyNoWorkItems,
});

/** Of whoever sees some runs of a work item only. */
export const YOUR_PART = 'your part: what is told of a work item is over the runs that you may see';

export function yourPart({ scope }: Rows): readonly Notice[] {
  return isNarrow(scope) && scope.kind !== 'nothing' ? [{ severity: 'info', text: YOUR_PART }] : [];
}

/** Where no run ever was about one, and there are runs: how to begin. */
export async function whyNoWorkItems(context: QuestionContext, rows: Rows): Promise<Reason | null> {
  if (context.scope.kind === 'nothing') return null;
  const window = { from: EARLIEST_MS, to: LATEST_MS };
  const measures = [runs.runs, runs.work_items];
  const cut = { slices: [window], whole: false, asked: 'all' } as const;
  const of = { measures, groups: [], rows: { ...rows, filters: [], window }, cut };
  const [found] = await context.ask(runMeasuresStatement(context.orgId, runsBase, of));
  if (Number(found?.runs ?? 0) === 0 || Number(found?.work_items ?? 0) > 0) return null;
  const text =
    'no run is about a work item yet. Link sessions: by hand (runboard work-item link SESSION ITEM), by their branches ' +
    '(runboard org update ORG --work-item-pattern PATTERN), or by events (session.linked)';
  return { kind: 'no_work_items', text };
}

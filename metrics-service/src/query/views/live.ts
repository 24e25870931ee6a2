import { NANOS_PER_USD } from '../../catalogue/formula.js';
import { takes } from '../../catalogue/index.js';
import inFlight from '../../catalogue/metrics/in_flight_runs_now.js';
import type { Notice } from '../../contract/frames.js';
import type { QuestionContext } from '../context.js';
import { checkTakes, planRows } from '../plan.js';
import { whyNothing } from '../reasons.js';
import type { Rows } from '../rows.js';
import { valueIn, type ListColumn, type ListRow, type Page } from '../statements/list.js';
import { LIVE_COLUMNS, liveListStatement, lostRunsStatement, MOST_LOST } from '../statements/live-list.js';
import { usualRates, type Rates } from '../usual-costs.js';
import { cutNotices, listColumns, planPage } from './list.js';
import type { Planned, View } from './view.js';

/** One row per run that is queued or in flight now, whatever the window. */
export const live: View<Planned & { readonly page: Page }> = {
  name: 'live',
  title: 'Live runs',
  members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
  filters: takes(inFlight).filters,
  saysWhyEmpty: true,
  isOfNow: true,
  columns: LIVE_COLUMNS,
  plan(question, settings) {
    const rows = planRows(question, settings);
    checkTakes(inFlight, [], rows.filters);
    return { rows, page: planPage(question, { columns: LIVE_COLUMNS, by: 'started_at', what: 'live' }) };
  },
  async answer(context, { rows, page }) {
    const moment = { now: context.now, stuckAfterMs: context.settings.stuckAfterMs };
    const found: readonly ListRow[] = await context.ask(liveListStatement(context.orgId, rows, page, moment));
    const all = Number(found[0]?.found ?? found.length);
    const rates: Rates = found.some(isOfTimeOnly) ? await usualRates(context) : new Map();
    const [lost] = await context.ask(lostRunsStatement(context.orgId, rows, moment));
    return {
      frames: [{ visualisation: 'table', columns: listColumns(columnsWith(rates), found) }],
      notices: [
        ...cutNotices(found.length, page.offset, all),
        ...lostNotice(Number(lost!.lost)),
        ...estimateNotice(found.filter((row) => estimateOf(row, rates) !== null).length),
      ],
      reason: found.length === 0 && page.offset === 0 ? await whyNone(context, rows) : null,
    };
  },
};

/** Whether of a run in flight nothing is known that would have a cost, but its model and for how long it runs. */
function isOfTimeOnly(row: ListRow): boolean {
  const isUnknown = COSTS.every((column) => valueIn(column, row) === null);
  return isUnknown && row.model !== null && row.state !== 'queued';
}

const COSTS = LIVE_COLUMNS.filter(({ name }) => name === 'total_cost' || name === 'total_tokens');

/** What a run has cost by the usual rate of its model (USD), where nothing else tells; null: no estimate. */
function estimateOf(row: ListRow, rates: Rates): number | null {
  const rate = isOfTimeOnly(row) ? rates.get(row.model as string) : undefined;
  return rate === undefined ? null : (Number(row.elapsed) * rate) / Number(NANOS_PER_USD);
}

/** The columns with the estimates in that of the cost, and beside it which they are. */
function columnsWith(rates: Rates): ListColumn[] {
  return LIVE_COLUMNS.flatMap((column): ListColumn[] => {
    if (column.name !== 'total_cost') return [column];
    const cost = (row: ListRow) => estimateOf(row, rates) ?? valueIn(column, row);
    const isEstimated = (row: ListRow) => estimateOf(row, rates) !== null;
    return [
      { name: 'total_cost', type: 'number', read: cost },
      {
        ...{ name: 'cost_estimated', type: 'flag', title: 'Cost is estimated', estimates: 'total_cost' },
        read: isEstimated,
      },
    ];
  });
}

function lostNotice(lost: number): Notice[] {
  if (lost === 0) return [];
  const runs =
    lost === 1
      ? '1 run counts'
      : `${lost > MOST_LOST ? `more than ${MOST_LOST.toLocaleString('en-US')}` : lost} runs count`;
  return [
    { severity: 'info', text: `${runs} as lost, not heard of for 24 hours, and ${lost === 1 ? 'is' : 'are'} left out` },
  ];
}

function estimateNotice(count: number): Notice[] {
  if (count === 0) return [];
  const costs = count === 1 ? '1 cost is' : `${count} costs are`;
  return [{ severity: 'info', text: `${costs} estimated: the time so far at the usual rate of the run's model` }];
}

/** Nothing going on is no riddle: where all is well it says so. */
async function whyNone(context: QuestionContext, rows: Rows) {
  const reason = await whyNothing(context, rows, 'run');
  if (reason.kind !== 'nothing_in_range') return reason;
  const text = 'no run is queued or in flight now that passes the filters and that you may see';
  return { kind: reason.kind, text };
}

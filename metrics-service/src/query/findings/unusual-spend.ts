import costToUsual from '../../catalogue/metrics/cost_to_usual.js';
import runsMetric from '../../catalogue/metrics/runs.js';
import totalCost from '../../catalogue/metrics/total_cost.js';
import { showMoney } from '../../format/numbers.js';
import { FEWEST_RUNS } from '../both-windows.js';
import type { Window } from '../buckets.js';
import type { QuestionContext } from '../context.js';
import { evaluate } from '../evaluate.js';
import { dayInWords, oneDecimal } from '../figures.js';
import { WHOLE } from '../grid.js';
import { isWithinWeek, weeksBefore } from '../weeks.js';
import type { Facts, Finding, FindingKind } from './finding.js';

/** This many times the usual is far above it … */
const TIMES = 2;
/** … if it is at least so much more, in US dollars. */
const LEAST_EXCESS = 1;

/** A window, or the last 7 days of a longer one, that cost far more than the same days of the weeks before. */
export const unusualSpend: FindingKind = { id: 'unusual_spend', title: 'Unusual spend', find };

async function find(context: QuestionContext, { rows }: Facts): Promise<Finding[]> {
  const { timezone } = rows;
  const isShort = isWithinWeek(rows.window, timezone);
  const window: Window = isShort ? rows.window : { from: weeksBefore(rows.window, 1, timezone).to, to: rows.window.to };
  const grid = await evaluate(context, {
    values: [runsMetric.value, totalCost.value, costToUsual.value],
    extraMeasures: [],
    groups: [],
    rows: { ...rows, window },
    cut: { slices: [window], whole: false, asked: 'all' },
  });
  const [count, cost, times] = [runsMetric, totalCost, costToUsual].map(({ value }) =>
    grid.value(value, grid.groups[0]!, WHOLE),
  ) as [number | null, number | null, number | null];
  if (count === null || count < FEWEST_RUNS || cost === null || times === null || times < TIMES) return [];
  const excess = cost - cost / times;
  if (excess < LEAST_EXCESS) return [];
  const when = isShort ? 'in this range' : `since ${dayInWords(window.from, timezone, window.to)}`;
  return [
    {
      what: `${showMoney(cost)} ${when}, ${oneDecimal(times)} times the median of the same days of the four weeks before`,
      since: window.from,
      runs: count,
      money: excess,
      to: { board: 'sessions', window },
    },
  ];
}

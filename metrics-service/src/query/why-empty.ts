import { baseOf } from '../catalogue/bases/index.js';
import { TAKES } from '../catalogue/dimensions.js';
import type { BaseName } from '../catalogue/measure.js';
import type { MetricValue } from '../catalogue/metric.js';
import type { Asked } from './asked.js';
import type { QuestionContext } from './context.js';
import { evaluate } from './evaluate.js';
import { WHOLE, type Grid } from './grid.js';
import { whyNothing, type Reason } from './reasons.js';
import type { Rows } from './rows.js';

interface Numbers {
  readonly asked: readonly Asked[];
  readonly rows: Rows;
}

/** Why nothing is behind these numbers; null if anything is, be it only rows of which they say 0 or nothing. */
export async function whyEmpty(context: QuestionContext, numbers: Numbers, grid: Grid): Promise<Reason | null> {
  const bases = basesOf(numbers);
  const hasAge = numbers.asked.some(({ value }) => isAge(value) || OF_NOW.includes(value.base));
  const isAnything = (): boolean => numbers.asked.some(({ value }) => isThere(value, grid));
  if (!grid.isBlind && (isAnything() || (!hasAge && (await hasRows(context, numbers, bases))))) return null;
  const what = bases.map((base) => (base === 'sessions' ? 'session' : 'run'));
  const reason = await whyNothing(context, numbers.rows, [...new Set(what)].join(' or '));
  // these are as of now, whatever the window
  return hasAge && reason.kind === 'nothing_in_range' ? null : reason;
}

function isAge({ base }: MetricValue): boolean {
  return base === 'data' || base === 'sources' || base === 'budgets';
}

/** Whose rows are those of now: none is nothing to explain. */
const OF_NOW: readonly string[] = ['live', 'failures', 'spending', 'runaways'];

/** Whether it has a value other than 0, or one that is hidden. */
function isThere(value: MetricValue, grid: Grid): boolean {
  const slices = [...grid.cut.slices.keys(), WHOLE];
  return grid.groups.some((group) =>
    slices.some((slice) => {
      const number = grid.value(value, group, slice);
      return number === null ? !grid.isTold(value, group, slice) : number !== 0 || isAge(value);
    }),
  );
}

/** What the metrics are about, or the runs of which they count something. */
function basesOf({ asked, rows }: Numbers): readonly BaseName[] {
  const isOfRuns = rows.filters.every(({ dimension }) =>
    (TAKES.runs.filters as readonly string[]).includes(dimension.name),
  );
  const bases = asked.map(({ value }): BaseName => {
    if (value.base === 'sessions') return 'sessions';
    return isOfRuns || !('measures' in value) || value.base === 'usual' ? 'runs' : value.base;
  });
  return [...new Set(bases)];
}

/** Whether any of their rows lies in the window. */
async function hasRows(context: QuestionContext, { rows }: Numbers, bases: readonly BaseName[]): Promise<boolean> {
  const extraMeasures = bases.map((base) => baseOf(base).rows);
  const cut = { slices: [rows.window], whole: false, asked: 'all' } as const;
  const counted = await evaluate(context, { values: [], extraMeasures, groups: [], rows, cut });
  return extraMeasures.some((measure) => counted.groups.some((group) => counted.count(measure, group) > 0n));
}

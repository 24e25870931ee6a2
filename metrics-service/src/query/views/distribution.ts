import { minimumGroupSize } from '../../access/viewer-scope.js';
import runsMetric from '../../catalogue/metrics/runs.js';
import { shownIn, takes } from '../../catalogue/index.js';
import { UNITS } from '../../catalogue/units.js';
import { inDigits } from '../figures.js';
import type { Interval } from '../buckets.js';
import type { QuestionContext, Row, Settings } from '../context.js';
import type { Cut } from '../cut.js';
import { numberColumn, timeColumn, type FrameBody, type FrameColumn } from '../frames.js';
import { OfManyOnly, unknownName } from '../invalid.js';
import { askBounded } from '../measure.js';
import { checkSize, checkTakes, planBuckets, planCut, readRows } from '../plan.js';
import type { Question } from '../question.js';
import { whyNothing } from '../reasons.js';
import { resolveFilters } from '../resolve.js';
import { binEnds, DISTRIBUTED, distributionStatement, MOST_BINS, type Binned } from '../statements/distribution.js';
import { checkNumbers } from '../visibility.js';
import type { Planned, View } from './view.js';

type Of = keyof typeof DISTRIBUTED;
export const DISTRIBUTIONS = Object.keys(DISTRIBUTED) as Of[];

interface Plan extends Planned {
  readonly of: Of;
  readonly cut: Cut;
  /** how wide the cells over time are; null: the window is one histogram */
  readonly interval: Interval | null;
}

/** How many ended runs took, cost or used how much, in bins that double: a histogram; with an interval, cells over time. */
export const distribution: View<Plan> = {
  name: 'distribution',
  title: 'Distribution',
  members: ['of', 'filters', 'interval', 'maxDataPoints'],
  filters: takes(runsMetric).filters,
  plan(question, settings) {
    const rows = readRows(question, settings);
    checkTakes(runsMetric, [], rows.filters);
    checkNumbers(settings.scope, { groups: [], filters: rows.filters, metrics: [] });
    checkBins(settings);
    const of = planOf(question);
    if (!question.interval) return { rows, of, cut: planCut(rows, null), interval: null };
    const { interval, slices } = planBuckets(question, rows, MOST_BINS + 1);
    return { rows, of, cut: { slices, whole: false, asked: 'all' }, interval };
  },
  async answer(context, plan) {
    const found = await countedRuns(context, plan);
    const known = found.filter(({ bin }) => bin !== null);
    const binned = DISTRIBUTED[plan.of];
    const frame = plan.interval === null ? histogram(binned, known) : cells(binned, known, plan);
    const unknown = found.filter(({ bin }) => bin === null).reduce((sum, row) => sum + Number(row.runs), 0);
    const all = found.reduce((sum, row) => sum + Number(row.runs), 0);
    const text = `${plan.of} of ${inDigits(unknown)} of ${inDigits(all)} ended runs is not known: they are in no bin`;
    return {
      frames: [frame],
      notices: unknown > 0 ? [{ severity: 'info', text }] : [],
      reason: found.length === 0 ? await whyNothing(context, plan.rows, 'run') : null,
      ...(plan.interval === null ? {} : { interval: plan.interval }),
    };
  },
};

/** @throws InvalidQuery */
function planOf({ of }: Question): Of {
  const asked = of || DISTRIBUTIONS[0]!;
  const found = DISTRIBUTIONS.find((name) => name === asked);
  if (!found) throw unknownName('of', asked, DISTRIBUTIONS);
  return found;
}

/** The dearest run may be that of one person. @throws OfManyOnly */
function checkBins({ scope }: Settings): void {
  if (scope.kind !== 'totals' || minimumGroupSize(scope) === 0) return;
  throw new OfManyOnly(`${scope.who} see numbers over many only, no distributions: ask for the view table`);
}

async function countedRuns(context: QuestionContext, { rows, of, cut }: Plan): Promise<Row[]> {
  if (context.scope.kind === 'nothing') return [];
  const resolved = { ...rows, filters: await resolveFilters(context, rows.filters) };
  return askBounded(context, distributionStatement(context.orgId, resolved, DISTRIBUTED[of], cut));
}

/** One row per bin from the least to the greatest, as Grafana's histogram takes them: it counts nothing again. */
function histogram(binned: Binned, found: readonly Row[]): FrameBody {
  const byBin = new Map(found.map((row) => [Number(row.bin), row]));
  const present = [...byBin.keys()];
  const least = Math.min(...present);
  const bins = Array.from({ length: present.length && Math.max(...present) - least + 1 }, (_, index) => least + index);
  const counts = (name: string, title: string): FrameColumn =>
    numberColumn(
      name,
      bins.map((bin) => Number(byBin.get(bin)?.[name] ?? 0)),
      { config: { displayNameFromDS: title, ...shownIn(UNITS.runs) } },
    );
  return {
    visualisation: 'table',
    columns: [
      ...endColumns(binned, bins, ['xMin', 'xMax']),
      counts('runs', 'Runs'),
      counts('failed_runs', 'Failed runs'),
    ],
  };
}

/** One row per cell with any runs, by time, then value, as Grafana's heat map takes them. */
function cells(binned: Binned, found: readonly Row[], { cut, interval }: Plan): FrameBody {
  const rows = found
    .map(({ bin, slice, runs }) => ({ bin: Number(bin), slice: Number(slice ?? 1) - 1, runs: Number(runs) }))
    .toSorted((one, other) => one.slice - other.slice || one.bin - other.bin);
  checkSize(new Set(rows.map(({ bin }) => bin)).size, cut.slices.length, 1);
  const times = rows.map(({ slice }) => cut.slices[slice]!.from);
  return {
    type: 'heatmap-cells',
    columns: [
      timeColumn('xMin', times, { displayNameFromDS: 'Time', interval: WIDTH_MS[interval!] }),
      ...endColumns(
        binned,
        rows.map(({ bin }) => bin),
        ['yMin', 'yMax'],
      ),
      numberColumn(
        'count',
        rows.map(({ runs }) => runs),
        { config: { displayNameFromDS: 'Runs', ...shownIn(UNITS.runs) } },
      ),
    ],
  };
}

const HOUR_MS = 3_600_000;
/** How wide Grafana draws a cell. */
const WIDTH_MS: Record<Interval, number> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
};

function endColumns(binned: Binned, bins: readonly number[], names: readonly [string, string]): FrameColumn[] {
  const ends = bins.map((bin) => binEnds(binned, bin));
  const column = (name: string, words: string, values: number[]): FrameColumn =>
    numberColumn(name, values, { config: { displayNameFromDS: words, ...shownIn(UNITS[binned.unit]) } });
  return [
    column(
      names[0],
      `${binned.title} from`,
      ends.map(({ from }) => from),
    ),
    column(
      names[1],
      `${binned.title} to`,
      ends.map(({ to }) => to),
    ),
  ];
}

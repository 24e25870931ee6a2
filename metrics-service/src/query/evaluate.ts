import type { Dimension } from '../catalogue/dimensions.js';
import { BASE_NAMES, baseOf } from '../catalogue/bases/index.js';
import { isAdditive, type BaseName, type Measure } from '../catalogue/measure.js';
import type { MetricValue, ToUsual, Trailing } from '../catalogue/metric.js';
import { minimumGroupSize } from '../access/viewer-scope.js';
import type { QuestionContext, Row } from './context.js';
import { eventTimes } from './event-times.js';
import { Folding } from './folding.js';
import { Grid, readMeasure, SOURCE_AGE, trailing, WHOLE, type Group } from './grid.js';
import { InvalidQuery } from './invalid.js';
import { rolledMeasures } from './rolled.js';
import type { Statement } from './sql/statement.js';
import { groupColumn, type Aggregation } from './statements/aggregation.js';
import { peopleMeasuresStatement } from './statements/people-measures.js';
import { runMeasuresStatement } from './statements/run-measures.js';
import { sessionMeasuresStatement } from './statements/session-measures.js';
import { trailingStatement } from './statements/trailing.js';
import type { Rows } from './rows.js';
import { isSliced, spanOf, type Cut } from './cut.js';
import { sourceAges } from './sources.js';
import { cutBefore, WEEKS } from './usual.js';
import { isWithinWeek } from './weeks.js';

export interface Evaluation {
  readonly values: readonly MetricValue[];
  /** measures needed besides those of the values, for notices */
  readonly extraMeasures: readonly Measure[];
  readonly groups: readonly Dimension[];
  readonly rows: Rows;
  readonly cut: Cut;
  /** another question of the board asks the same at the same time */
  readonly isShared?: boolean;
}

/** More groups and points than this, before the limit is applied, would need too much memory. */
export const MOST_ROWS = 500_000;

/** The rows of an aggregating statement. @throws InvalidQuery if there are too many */
async function askBounded(context: QuestionContext, statement: Statement, isShared = false): Promise<Row[]> {
  const bounded = { ...statement, body: `${statement.body}\nlimit ${MOST_ROWS + 1}` };
  const rows = await (isShared ? context.askOnce(bounded) : context.ask(bounded));
  if (rows.length <= MOST_ROWS) return rows;
  throw new InvalidQuery(
    `this has more than ${MOST_ROWS.toLocaleString('en-US')} groups and points before its limit: choose a shorter range ` +
      'or other groups, or list with the view sessions or runs',
  );
}

/** Computes the measures that the values need: one statement per base. */
export async function evaluate(context: QuestionContext, evaluation: Evaluation): Promise<Grid> {
  const { values, extraMeasures, groups, cut } = evaluation;
  const least = minimumGroupSize(context.scope);
  const grid = new Grid(groups, cut, least, context.scope.kind === 'nothing');
  // who may see nothing learns nothing: every number is unknown
  if (grid.isBlind) return grid;
  const needed = values.flatMap((value): readonly Measure[] => ('measures' in value ? value.measures : []));
  const measures = new Set([...needed, ...extraMeasures]);
  for (const base of BASE_NAMES) {
    const ofBase = [...measures].filter((measure) => measure.base === base);
    if (ofBase.length === 0) continue;
    const { rows, people } = baseOf(base);
    const behind = least > 0 ? [rows, people] : [];
    const measured = [...new Set([...ofBase, ...behind])];
    const rolled = base === 'runs' ? await measureRolled(context, grid, measured, evaluation) : NONE;
    const others = measured.filter((measure) => !rolled.includes(measure));
    if (others.length > 0) await measureBase(context, grid, base, others, evaluation);
    if (least > 0 && groups.length > 0) await measureRemainder(context, grid, base, measured, evaluation);
  }
  await measureRunsBeside(context, grid, evaluation);
  const days = values.filter((value) => value.base === 'trailing').map((value) => value.days);
  if (days.length > 0) await measureTrailing(context, grid, [...new Set(days)], evaluation);
  const toUsual = values.filter((value) => value.base === 'usual');
  for (const value of new Set(toUsual)) await measureUsual(context, grid, value, evaluation);
  if (values.some((value) => value.base === 'data')) {
    const { newest } = await eventTimes(context);
    grid.dataAgeMs = newest === null ? null : Math.max(0, context.now - newest);
  }
  if (values.some((value) => value.base === 'sources')) {
    for (const { source, ageMs } of await sourceAges(context)) {
      grid.set(grid.group([source], { base: 'sources' }), SOURCE_AGE, 0, ageMs);
    }
  }
  return grid;
}

const NONE: readonly Measure[] = [];

/** Measures runs by the sums of slots, where that is possible, and answers which measures that were. */
async function measureRolled(
  context: QuestionContext,
  grid: Grid,
  wanted: readonly Measure[],
  { groups, rows, cut }: Evaluation,
): Promise<readonly Measure[]> {
  const rolled = await rolledMeasures(context, { measures: wanted, groups, rows, cut });
  if (!rolled) return NONE;
  for (const { slice, row } of rolled.parts) {
    const group = grid.group(keyOf(row, groups), { base: 'runs' });
    for (const measure of rolled.measures) {
      const value = readMeasure(measure, row[measure.name]);
      grid.add(group, measure, slice, value);
      if (cut.whole) grid.add(group, measure, WHOLE, value);
    }
  }
  return rolled.measures;
}

async function measureBase(
  context: QuestionContext,
  grid: Grid,
  base: BaseName,
  measures: Measure[],
  evaluation: Evaluation,
  slot: number | null = null,
): Promise<void> {
  const { orgId } = context;
  const { addsUpOverTime, dependsOnWindow } = baseOf(base);
  if (dependsOnWindow && evaluation.cut.whole) {
    const [slices, whole] = apart(evaluation.cut);
    await measureBase(context, grid, base, measures, { ...evaluation, cut: slices });
    return measureBase(context, grid, base, measures, { ...evaluation, cut: whole }, WHOLE);
  }
  // a value over all slices is not queried if it is the sum over the slices
  const adds = addsUpOverTime && measures.every(isAdditive);
  const cut = adds && evaluation.cut.whole ? { ...evaluation.cut, whole: false } : evaluation.cut;
  const aggregation = { ...evaluation, measures, cut };
  for (const row of await askBounded(context, statementOf(orgId, base, aggregation), evaluation.isShared)) {
    const slice = slot ?? (isSliced(cut) ? Number(row.slice) - 1 : 0);
    const group = grid.group(keyOf(row, evaluation.groups), { base });
    for (const measure of measures) {
      const value = readMeasure(measure, row[measure.name]);
      grid.set(group, measure, slice, value);
      if (cut !== evaluation.cut) grid.add(group, measure, WHOLE, value);
    }
  }
}

function statementOf(orgId: string, base: BaseName, aggregation: Aggregation): Statement {
  const { rowsOf } = baseOf(base);
  if (rowsOf === 'session') return sessionMeasuresStatement(orgId, aggregation);
  if (rowsOf === 'person') return peopleMeasuresStatement(orgId, aggregation);
  return runMeasuresStatement(orgId, baseOf(base), aggregation);
}

/** Reads the groups over too few people as one, per slice of the cut, with the smallest others where these are too few. */
async function measureRemainder(
  context: QuestionContext,
  grid: Grid,
  base: BaseName,
  measures: readonly Measure[],
  { groups, rows, cut }: Evaluation,
): Promise<void> {
  const slices = { ...cut, whole: false };
  const folding = new Folding(grid, base, minimumGroupSize(context.scope));
  for (let isFolded = folding.begin(); isFolded; isFolded = folding.foldMore()) {
    const leftOut = { groups, keys: folding.shownKeys() };
    const statement = statementOf(context.orgId, base, { measures, groups: [], rows, cut: slices, leftOut });
    for (const row of await askBounded(context, statement)) {
      const slice = isSliced(slices) ? Number(row.slice) - 1 : 0;
      for (const measure of measures) {
        grid.set(grid.remainder, measure, slice, readMeasure(measure, row[measure.name]));
      }
    }
  }
}

/** Measures the runs of the window for values over rows of another kind, without the groups and filters that no run takes. */
async function measureRunsBeside(context: QuestionContext, grid: Grid, evaluation: Evaluation): Promise<void> {
  const measures = evaluation.values.flatMap((value) => ('ofRuns' in value && value.ofRuns ? value.ofRuns : []));
  if (measures.length === 0) return;
  const { rows, cut } = evaluation;
  const isOfRuns = ({ only }: Dimension): boolean => only === undefined;
  const groups = evaluation.groups.filter(isOfRuns);
  const filters = rows.filters.filter(({ dimension }) => isOfRuns(dimension));
  const ofRuns = await evaluate(context, {
    values: [],
    extraMeasures: [...new Set(measures)],
    ...{ groups, rows: { ...rows, filters }, cut },
  });
  const take = (group: Group, found: Group | undefined): void => {
    for (const [name, value] of found?.measures ?? []) group.measures.set(name, value);
    for (const slice of found?.folded ?? []) group.folded.add(slice);
  };
  if (groups.length === evaluation.groups.length) {
    for (const one of ofRuns.groups) take(grid.group(one.key, one.kinds.has('runs') ? { base: 'runs' } : null), one);
    return;
  }
  const kept = groups.map((group) => evaluation.groups.indexOf(group));
  for (const group of grid.groups) take(group, ofRuns.existing(kept.map((index) => group.key[index]!)));
}

/** The slices alone, and all of them as one. */
function apart(cut: Cut): [Cut, Cut] {
  return [
    { ...cut, whole: false },
    { slices: [spanOf(cut)], whole: false, asked: 'all' },
  ];
}

function keyOf(row: Row, groups: readonly Dimension[]): Group['key'] {
  return groups.map((group) => row[groupColumn(group)] as string | null);
}

/** Adds up the changes of the number of users from point to point. */
async function measureTrailing(
  context: QuestionContext,
  grid: Grid,
  days: readonly Trailing['days'][],
  { groups, rows, cut }: Evaluation,
): Promise<void> {
  const changes = new Map<string, { key: Group['key']; days: Trailing['days']; at: bigint[] }>();
  const statement = trailingStatement(context.orgId, days, { groups, rows, cut });
  for (const row of await askBounded(context, statement)) {
    const key = keyOf(row, groups);
    const name = JSON.stringify([row.days, ...key]);
    const series = changes.get(name) ?? {
      key,
      days: Number(row.days) as Trailing['days'],
      at: cut.slices.map(() => 0n),
    };
    changes.set(name, series);
    const point = Number(row.point) - 1;
    if (point < cut.slices.length) series.at[point] = BigInt(row.change as string);
  }
  for (const series of changes.values()) {
    const group = grid.group(series.key, { base: 'trailing', days: series.days });
    let users = 0n;
    series.at.forEach((change, slice) => {
      users += change;
      grid.set(group, trailing(series.days), slice, users);
    });
    if (cut.whole) grid.set(group, trailing(series.days), WHOLE, users);
  }
}

/** Reads the same sums in the weeks before. Windows that begin before the first event, or hold no run, do not count. */
async function measureUsual(
  context: QuestionContext,
  grid: Grid,
  value: ToUsual,
  { groups, rows, cut }: Evaluation,
): Promise<void> {
  const { first } = await eventTimes(context);
  if (first === null) return;
  const least = minimumGroupSize(context.scope);
  const [sum, count] = value.measures;
  const base = baseOf('runs');
  const measures = [...new Set([sum, count, ...(least > 0 ? [base.people] : [])])];
  const isLong = cut.whole && !isWithinWeek(spanOf(cut), rows.timezone);
  for (const weeks of WEEKS) {
    const before = cutBefore(cut, weeks, rows.timezone);
    const statement = runMeasuresStatement(context.orgId, base, { measures, groups, rows, cut: before });
    for (const row of await askBounded(context, statement)) {
      const at = row.slice === undefined ? 0 : Number(row.slice) - 1;
      const slice = at === cut.slices.length ? WHOLE : at;
      const { from } = before.slices[slice === WHOLE ? 0 : slice]!;
      const group = grid.existing(keyOf(row, groups));
      if (!group || from < first || (slice === WHOLE && isLong)) continue;
      const read = (measure: Measure): bigint => BigInt(readMeasure(measure, row[measure.name]) ?? 0n);
      if (read(count) === 0n) continue;
      const isTold = least === 0 || read(base.people) >= BigInt(least);
      const cost = readMeasure(sum, row[sum.name]);
      if (!isTold) grid.addEarlier(value, group, slice, null);
      else if (typeof cost === 'bigint') grid.addEarlier(value, group, slice, cost);
    }
  }
}

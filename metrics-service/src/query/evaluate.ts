import type { Dimension } from '../catalogue/dimensions.js';
import { BASE_NAMES, baseOf } from '../catalogue/bases/index.js';
import type { BaseName, Measure } from '../catalogue/measure.js';
import type { MetricValue, Trailing } from '../catalogue/metric.js';
import { minimumGroupSize } from '../access/viewer-scope.js';
import { budgetsNow } from './budgets/now.js';
import type { QuestionContext } from './context.js';
import { isSliced } from './cut.js';
import { eventTimes } from './event-times.js';
import { Folding } from './folding.js';
import { budgetUse, Grid, readMeasure, SOURCE_AGE, trailing, WHOLE, type Group } from './grid.js';
import { askBounded, measureRows, statementOf } from './measure.js';
import { keyOf, type Measured } from './measured.js';
import { measureUsual } from './measure-usual.js';
import { sourceAges } from './sources.js';
import { trailingStatement } from './statements/trailing.js';

export interface Evaluation extends Measured {
  readonly values: readonly MetricValue[];
  /** measures needed besides those of the values, for notices */
  readonly extraMeasures: readonly Measure[];
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
    await measureRows(context, grid, base, measured, evaluation);
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
    for (const { source, ageMs } of await sourceAges(context, evaluation.rows.filters)) {
      grid.set(grid.group([source], { base: 'sources' }), SOURCE_AGE, 0, ageMs);
    }
  }
  if (values.some((value) => value.base === 'budgets')) {
    const { found } = await budgetsNow(context, evaluation.rows.filters);
    for (const { budget, use, projectedUse } of found) {
      const group = grid.group([budget.id], { base: 'budgets' });
      grid.set(group, budgetUse({ base: 'budgets', of: 'use' }), 0, use);
      grid.set(group, budgetUse({ base: 'budgets', of: 'projected_use' }), 0, projectedUse);
    }
  }
  return grid;
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
    const statement = await statementOf(context, base, { measures, groups: [], rows, cut: slices, leftOut });
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

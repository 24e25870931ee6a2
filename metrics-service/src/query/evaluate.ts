import { leastPeople, type ViewerScope } from '../access/viewer-scope.js';
import type { Dimension } from '../catalogue/dimensions.js';
import { emptyValue, type Base, type Measure, type MeasureValue } from '../catalogue/measure.js';
import type { MetricValue, Trailing } from '../catalogue/metric.js';
import type { Transaction } from '../db/database.js';
import { Grid, trailing, WHOLE, type Group } from './grid.js';
import type { Rows } from './plan.js';
import { InvalidQuery } from './invalid.js';
import { PEOPLE } from './people.js';
import { narrowed } from './narrowed.js';
import { groupColumn, isSliced, type Cut } from './statements/aggregation.js';
import { runsStatement } from './statements/runs.js';
import { sessionsStatement } from './statements/sessions.js';
import type { Statement } from './statements/statement.js';
import { trailingStatement } from './statements/trailing.js';

/** Where a query is answered: one read-only snapshot, one reading of the clock, for whom, and the statements it ran. */
export interface Context {
  readonly tx: Transaction;
  /** epoch ms */
  readonly now: number;
  readonly scope: ViewerScope;
  readonly statements: string[];
}

export interface Evaluation {
  readonly values: readonly MetricValue[];
  /** measures wanted beside those of the values, for notices */
  readonly besides: readonly Measure[];
  readonly groups: readonly Dimension[];
  readonly rows: Rows;
  readonly cut: Cut;
}

type Row = Record<string, string | number | boolean | null>;

/** Runs a statement over what may be seen, and notes it. */
export async function run(context: Context, statement: Statement): Promise<Row[]> {
  const { sql, values } = narrowed(statement, context.scope);
  context.statements.push(sql);
  const { rows } = await context.tx.query<Row>(sql, [...values]);
  return rows;
}

/** More groups and points than this, before a limit cuts them, would take too much of the service's memory. */
export const MOST_ROWS = 500_000;

/** As `run`, of what is aggregated. @throws InvalidQuery where that is too much */
async function runBounded(context: Context, { sql, values }: Statement): Promise<Row[]> {
  const rows = await run(context, { sql: `${sql}\nlimit ${MOST_ROWS + 1}`, values });
  if (rows.length <= MOST_ROWS) return rows;
  throw new InvalidQuery(
    `this has more than ${MOST_ROWS.toLocaleString('en-US')} groups and points before its limit: choose a shorter range ` +
      'or other groups, or list with the view sessions or runs',
  );
}

/** Computes the measures that the values need: one statement per base. */
export async function evaluate(context: Context, evaluation: Evaluation): Promise<Grid> {
  const { values, besides, groups, cut } = evaluation;
  const least = leastPeople(context.scope);
  const grid = new Grid(groups, cut, least);
  const needed = values.flatMap((value): readonly Measure[] => ('measures' in value ? value.measures : []));
  const measures = new Set([...needed, ...besides]);
  for (const base of ['runs', 'parts', 'phases', 'sessions'] as const) {
    const ofBase = [...measures].filter((measure) => measure.base === base);
    if (ofBase.length === 0) continue;
    const behind = least > 0 ? Object.values(PEOPLE[base]) : [];
    await measureBase(context, grid, base, [...new Set([...ofBase, ...behind])], evaluation);
  }
  const days = values.filter((value) => value.base === 'trailing').map((value) => value.days);
  if (days.length > 0) await measureTrailing(context, grid, [...new Set(days)], evaluation);
  if (values.some((value) => value.base === 'data')) grid.dataAgeMs = await dataAge(context);
  return grid;
}

async function measureBase(
  context: Context,
  grid: Grid,
  base: Base,
  measures: Measure[],
  evaluation: Evaluation,
): Promise<void> {
  const { tx } = context;
  // what adds up over the slices need not be computed over their whole
  const adds = base !== 'sessions' && measures.every(({ kind }) => kind === 'count' || kind === 'known');
  const cut = adds && evaluation.cut.whole ? { ...evaluation.cut, whole: false } : evaluation.cut;
  const aggregation = { ...evaluation, measures, cut };
  const statement =
    base === 'sessions' ? sessionsStatement(tx.orgId, aggregation) : runsStatement(tx.orgId, base, aggregation);
  for (const row of await runBounded(context, statement)) {
    const slice = isSliced(cut) ? Number(row.slice) - 1 : 0;
    const group = grid.group(keyOf(row, evaluation.groups));
    for (const measure of measures) {
      const value = readMeasure(measure, row[measure.name]);
      grid.set(group, measure, slice, value);
      if (cut !== evaluation.cut) grid.add(group, measure, WHOLE, value);
    }
  }
}

function keyOf(row: Row, groups: readonly Dimension[]): Group['key'] {
  return groups.map((group) => row[groupColumn(group)] as string | null);
}

function readMeasure(measure: Measure, value: Row[string] | undefined): MeasureValue {
  if (value == null) return emptyValue(measure);
  return measure.kind === 'real' ? Number(value) : BigInt(value);
}

/** Adds up the changes of the number of users from point to point. */
async function measureTrailing(
  context: Context,
  grid: Grid,
  days: readonly Trailing['days'][],
  { groups, rows, cut }: Evaluation,
): Promise<void> {
  const changes = new Map<string, { key: Group['key']; days: number; at: bigint[] }>();
  const statement = trailingStatement(context.tx.orgId, days, { groups, rows, cut });
  for (const row of await runBounded(context, statement)) {
    const key = keyOf(row, groups);
    const name = JSON.stringify([row.days, ...key]);
    const series = changes.get(name) ?? { key, days: Number(row.days), at: cut.slices.map(() => 0n) };
    changes.set(name, series);
    const point = Number(row.point) - 1;
    if (point < cut.slices.length) series.at[point] = BigInt(row.change as string);
  }
  for (const series of changes.values()) {
    const group = grid.group(series.key);
    let users = 0n;
    series.at.forEach((change, slice) => {
      users += change;
      grid.set(group, trailing(series.days), slice, users);
    });
    if (cut.whole) grid.set(group, trailing(series.days), WHOLE, users);
  }
}

async function dataAge(context: Context): Promise<number | null> {
  if (context.scope.kind === 'nothing') return null;
  const sql = `select (extract(epoch from newest_event_at) * 1000)::bigint as newest_ms
from ingest_state
where org_id = $1`;
  const [row] = await run(context, { sql, values: [context.tx.orgId] });
  return row?.newest_ms == null ? null : context.now - Number(row.newest_ms);
}

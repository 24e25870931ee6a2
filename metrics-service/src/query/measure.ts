import { baseOf } from '../catalogue/bases/index.js';
import { EARLIER_WEEKS, failures } from '../catalogue/bases/failures.js';
import { sessions } from '../catalogue/bases/sessions.js';
import { isAdditive, type BaseName, type Measure } from '../catalogue/measure.js';
import type { QuestionContext, Row } from './context.js';
import { isSliced, spanOf, type Cut } from './cut.js';
import { Grid, readMeasure, WHOLE } from './grid.js';
import { greatestCost } from './greatest-sessions.js';
import { InvalidQuery } from './invalid.js';
import { keyOf, type Measured } from './measured.js';
import { rolledBeside, rolledMeasures } from './rolled.js';
import { countRolledKnown, countRolledNewcomers, countRolledPeople } from './rolled-people.js';
import { rolledPercentiles } from './rolled-percentiles.js';
import { rolledSessions } from './rolled-sessions.js';
import type { Rows } from './rows.js';
import type { Statement } from './sql/statement.js';
import type { Aggregation } from './statements/aggregation.js';
import { fortnightOf, NAMESAKES } from './fortnight.js';
import { failureRows } from './statements/failure-rows.js';
import { liveRows } from './statements/live-rows.js';
import { measuresOfNowStatement, type RowsOfNow } from './statements/measures-of-now.js';
import { peopleMeasuresStatement } from './statements/people-measures.js';
import { runMeasuresStatement } from './statements/run-measures.js';
import { sessionMeasuresStatement } from './statements/session-measures.js';
import { runawaySessions } from './runaways.js';
import { othersThatSpend, spanOfNow } from './spending.js';
import { runawayRows } from './statements/runaways.js';
import { spendingRows } from './statements/spending.js';
import { weeksBefore } from './weeks.js';

/** More groups and points than this, before the limit is applied, would need too much memory. */
export const MOST_ROWS = 500_000;

/** The rows of an aggregating statement. @throws InvalidQuery if there are too many */
export async function askBounded(context: QuestionContext, statement: Statement, isShared = false): Promise<Row[]> {
  const bounded = { ...statement, body: `${statement.body}\nlimit ${MOST_ROWS + 1}` };
  const rows = await (isShared ? context.askOnce(bounded) : context.ask(bounded));
  if (rows.length <= MOST_ROWS) return rows;
  throw new InvalidQuery(
    `this has more than ${MOST_ROWS.toLocaleString('en-US')} groups and points before its limit: choose a shorter range ` +
      'or other groups, or list with the view sessions or runs',
  );
}

/** Measures one base: by the sums of slots what they have, the rest by its rows. */
export async function measureRows(
  context: QuestionContext,
  grid: Grid,
  base: BaseName,
  measures: readonly Measure[],
  measured: Measured,
): Promise<void> {
  if (base === 'fortnight') return measureFortnight(context, grid, measures, measured);
  const known = new Set(await measureKept(context, grid, base, measures, measured));
  const others = measures.filter((measure) => !known.has(measure));
  if (others.length > 0) await measureBase(context, grid, base, others, measured);
}

/** Measures what is kept of a base in slots, and says which measures these are. */
async function measureKept(
  context: QuestionContext,
  grid: Grid,
  base: BaseName,
  measures: readonly Measure[],
  measured: Measured,
): Promise<readonly Measure[]> {
  const given = [context, grid, measures, measured] as const;
  switch (base) {
    case 'runs':
    case 'tool_calls': {
      const sums = await measureRolled(context, grid, base, measures, measured);
      const summed = base === 'runs' ? [...sums, ...(await countRolledPeople(...given))] : sums;
      // percentiles make no groups of rows without a value: so sums have to
      const placed = summed.length > 0 || measured.groups.length === 0;
      return placed ? [...summed, ...(await findRolledPercentiles(...given, base))] : summed;
    }
    case 'parts':
      return measureRolled(context, grid, base, measures, measured);
    case 'sessions':
      return [...(await measureRolledSessions(...given)), ...(await measureGreatestCost(...given))];
    case 'newcomers':
      return countRolledNewcomers(...given);
    case 'people':
      return countRolledKnown(context, grid, measured);
    default:
      return NONE;
  }
}

/** What runs of the last 14 days add up to, by the sums of slots where that is possible. */
async function measureFortnight(
  context: QuestionContext,
  grid: Grid,
  measures: readonly Measure[],
  measured: Measured,
): Promise<void> {
  const own = fortnightOf(measured, context.now);
  const found = new Grid(measured.groups, own.cut);
  const ofRuns = measures.map((measure) => NAMESAKES.get(measure)!);
  await measureRows(context, found, 'runs', ofRuns, own);
  for (const one of found.groups) {
    if (!one.kinds.has('runs')) continue;
    const group = grid.group(one.key, { base: 'fortnight' });
    for (const measure of measures) grid.set(group, measure, 0, found.measure(NAMESAKES.get(measure)!, one, 0));
  }
}

const NONE: readonly Measure[] = [];

/** Measures runs, their parts, or tool calls, by the sums of slots, where that is possible, and answers which measures that were. */
async function measureRolled(
  context: QuestionContext,
  grid: Grid,
  base: 'runs' | 'parts' | 'tool_calls',
  wanted: readonly Measure[],
  { groups, rows, cut }: Measured,
): Promise<readonly Measure[]> {
  const asked = { measures: wanted, groups, rows, cut };
  const rolled = await (base === 'runs' ? rolledMeasures(context, asked) : rolledBeside(context, base, asked));
  if (!rolled) return NONE;
  for (const { slice, row } of rolled.parts) {
    const group = grid.group(keyOf(row, groups), { base });
    for (const measure of rolled.measures) {
      const value = readMeasure(measure, row[measure.name]);
      grid.add(group, measure, slice, value);
      if (cut.whole) grid.add(group, measure, WHOLE, value);
    }
  }
  return rolled.measures;
}

/** The same of sessions. */
async function measureRolledSessions(
  context: QuestionContext,
  grid: Grid,
  wanted: readonly Measure[],
  measured: Measured,
): Promise<readonly Measure[]> {
  const rolled = await rolledSessions(context, { ...measured, measures: wanted });
  if (!rolled) return NONE;
  const group = grid.group([], { base: 'sessions' });
  for (const { measure, slice, value } of rolled.values) grid.set(group, measure, slice ?? WHOLE, value);
  return rolled.measures;
}

/** The same of the greatest cost of a session, of one window. */
async function measureGreatestCost(
  context: QuestionContext,
  grid: Grid,
  wanted: readonly Measure[],
  { groups, rows, cut }: Measured,
): Promise<readonly Measure[]> {
  const { max_cost_nanos: greatest } = sessions;
  if (!wanted.includes(greatest) || groups.length > 0 || cut.whole || cut.slices.length > 1) return NONE;
  const cost = await greatestCost(context, { ...rows, window: spanOf(cut) });
  if (cost === null) return NONE;
  grid.set(grid.group([], { base: 'sessions' }), greatest, 0, cost);
  return [greatest];
}

/** The same of percentiles. */
async function findRolledPercentiles(
  context: QuestionContext,
  grid: Grid,
  wanted: readonly Measure[],
  { groups, rows, cut }: Measured,
  base: 'runs' | 'tool_calls',
): Promise<readonly Measure[]> {
  const rolled = await rolledPercentiles(context, base, { measures: wanted, groups, rows, cut });
  if (!rolled) return NONE;
  for (const { measure, slice, row, value } of rolled.values) {
    grid.set(grid.group(keyOf(row, groups), { base }), measure, slice ?? WHOLE, value);
  }
  return rolled.measures;
}

async function measureBase(
  context: QuestionContext,
  grid: Grid,
  base: BaseName,
  measures: Measure[],
  measured: Measured,
  slot: number | null = null,
): Promise<void> {
  const { addsUpOverTime, dependsOnWindow } = baseOf(base);
  if (dependsOnWindow && measured.cut.whole) {
    const [slices, whole] = apart(measured.cut);
    await measureBase(context, grid, base, measures, { ...measured, cut: slices });
    return measureBase(context, grid, base, measures, { ...measured, cut: whole }, WHOLE);
  }
  // a value over all slices is not queried if it is the sum over the slices
  const adds = addsUpOverTime && measures.every(isAdditive);
  const cut = adds && measured.cut.whole ? { ...measured.cut, whole: false } : measured.cut;
  const aggregation = { ...measured, measures, cut };
  for (const row of await askBounded(context, await statementOf(context, base, aggregation), measured.isShared)) {
    const slice = slot ?? (isSliced(cut) ? Number(row.slice) - 1 : 0);
    const group = grid.group(keyOf(row, measured.groups), { base });
    for (const measure of measures) {
      const value = readMeasure(measure, row[measure.name]);
      grid.set(group, measure, slice, value);
      if (cut !== measured.cut) grid.add(group, measure, WHOLE, value);
    }
  }
}

export async function statementOf(
  context: QuestionContext,
  base: BaseName,
  aggregation: Aggregation,
): Promise<Statement> {
  const { orgId } = context;
  const { rowsOf } = baseOf(base);
  const ofNow = await rowsOfNow(context, base, aggregation.rows);
  if (ofNow) return measuresOfNowStatement(orgId, ofNow, aggregation);
  if (base === 'fortnight') return runMeasuresStatement(orgId, baseOf(base), fortnightOf(aggregation, context.now));
  if (rowsOf === 'session') return sessionMeasuresStatement(orgId, aggregation);
  if (rowsOf === 'person') return peopleMeasuresStatement(orgId, aggregation);
  return runMeasuresStatement(orgId, baseOf(base), aggregation);
}

/** Where the rows of a base come from that are as of now, whatever the window; null: they are of the window. */
async function rowsOfNow(context: QuestionContext, base: BaseName, rows: Rows): Promise<RowsOfNow | null> {
  if (base === 'live') {
    return { from: (draft) => liveRows({ now: context.now, ...context.settings }, draft), plannedOnce: true };
  }
  if (base === 'spending') {
    const others = await othersThatSpend(context);
    return { from: (draft) => spendingRows(others, spanOfNow(context.now), draft), plannedOnce: true };
  }
  if (base === 'runaways') {
    const sessions = await runawaySessions(context, rows);
    return { from: (draft) => runawayRows(sessions, draft) };
  }
  if (base !== 'failures') return null;
  const late = { from: context.now - HOUR_MS, to: context.now };
  const earlier = EARLIER_WEEKS.map((weeks) => weeksBefore(late, weeks, rows.timezone));
  return { from: (draft) => failureRows(late, earlier, draft), having: failures.failures };
}

const HOUR_MS = 3_600_000;

/** The slices alone, and all of them as one. */
function apart(cut: Cut): [Cut, Cut] {
  return [
    { ...cut, whole: false },
    { slices: [spanOf(cut)], whole: false, asked: 'all' },
  ];
}

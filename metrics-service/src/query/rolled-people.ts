import { newcomers } from '../catalogue/bases/newcomers.js';
import { people } from '../catalogue/bases/people.js';
import { runs } from '../catalogue/bases/runs.js';
import { findDimension } from '../catalogue/dimensions.js';
import type { Measure } from '../catalogue/measure.js';
import { EARLIEST_MS, LATEST_MS } from '../contract/query.js';
import type { Window } from './buckets.js';
import type { QuestionContext } from './context.js';
import { windowsOf, type Cut } from './cut.js';
import { WHOLE, type Grid, type Group } from './grid.js';
import { keyOf, type Measured } from './measured.js';
import { rolledMeasures } from './rolled.js';
import type { Rows } from './rows.js';
import { groupColumn } from './statements/aggregation.js';
import { knownPeopleStatement } from './statements/known-people.js';
import { servicesAmong } from './users.js';

const USER = findDimension('user')!;
const NONE: readonly Measure[] = [];

/** Counts distinct people by the sums by user: each of those who have runs in any slot of a slice is one. */
export async function countRolledPeople(
  context: QuestionContext,
  grid: Grid,
  wanted: readonly Measure[],
  { groups, rows, cut }: Measured,
): Promise<readonly Measure[]> {
  if (!wanted.includes(runs.active_users)) return NONE;
  const byPerson = groups.some(({ name }) => name === USER.name) ? groups : [...groups, USER];
  const rolled = await rolledMeasures(context, { measures: [runs.runs], groups: byPerson, rows, cut });
  if (!rolled) return NONE;
  const found = rolled.parts.map(({ slice, row }) => ({ slice, row, person: row[groupColumn(USER)] as string | null }));
  const services = await servicesAmong(context, [...new Set(found.flatMap(({ person }) => person ?? []))]);
  const those = new Map<Group, Map<number, Set<string>>>();
  for (const { slice, row, person } of found) {
    const group = grid.group(keyOf(row, groups), { base: 'runs' });
    const bySlice = those.get(group) ?? new Map<number, Set<string>>();
    those.set(group, bySlice);
    for (const one of cut.whole ? [slice, WHOLE] : [slice]) {
      const ofSlice = bySlice.get(one) ?? new Set();
      bySlice.set(one, ofSlice);
      if (person !== null && !services.has(person)) ofSlice.add(person);
    }
  }
  for (const [group, bySlice] of those) {
    for (const [slice, { size }] of bySlice) grid.set(group, runs.active_users, slice, BigInt(size));
  }
  return [runs.active_users];
}

/** Counts those who ran in a slice, and never before it, in the same way; not by groups, nor with filters. */
export async function countRolledNewcomers(
  context: QuestionContext,
  grid: Grid,
  wanted: readonly Measure[],
  { groups, rows, cut }: Measured,
): Promise<readonly Measure[]> {
  if (!wanted.includes(newcomers.new_users) || groups.length > 0 || rows.filters.length > 0) return NONE;
  const slices = windowsOf(cut);
  const windows = slices.flatMap((window) => [{ from: EARLIEST_MS, to: window.from }, window]);
  const ran = await peopleIn(context, rows, windows);
  if (!ran) return NONE;
  const counts = slices.map((_, index) => {
    const [before, during] = [ran[2 * index]!, ran[2 * index + 1]!];
    return [...during].filter((person) => !before.has(person)).length;
  });
  setAll(grid, 'newcomers', newcomers.new_users, cut, counts);
  return [newcomers.new_users];
}

/** Counts who is known, and who of them ran in a slice, or in the time before it only, in the same way. */
export async function countRolledKnown(
  context: QuestionContext,
  grid: Grid,
  { groups, rows, cut }: Measured,
): Promise<readonly Measure[]> {
  if (groups.length > 0 || rows.filters.length > 0) return NONE;
  const slices = windowsOf(cut);
  const windows = slices.flatMap(({ from, to }) => [
    { from, to },
    { from: Math.max(EARLIEST_MS, 2 * from - to), to: from },
  ]);
  const ran = await peopleIn(context, rows, [{ from: EARLIEST_MS, to: LATEST_MS + 1 }, ...windows]);
  if (!ran) return NONE;
  const named = (await context.ask(knownPeopleStatement(context.orgId))).map(({ person }) => person as string);
  const services = await servicesAmong(context, named);
  const known = new Set([...named.filter((person) => !services.has(person)), ...ran[0]!]).size;
  const during = slices.map((_, index) => ran[2 * index + 1]!);
  const quiet = slices.map((_, index) => [...ran[2 * index + 2]!].filter((person) => !during[index]!.has(person)));
  const { known_users: ofKnown, active_users: ofActive, quiet_users: ofQuiet } = people;
  const counts = new Map([
    [ofKnown, slices.map(() => known)],
    [ofActive, during.map(({ size }) => size)],
    [ofQuiet, quiet.map(({ length }) => length)],
  ]);
  for (const [measure, values] of counts) setAll(grid, 'people', measure, cut, values);
  return [...counts.keys()];
}

/** The persons with a run in each window, services left out; null: they have to be read from the runs. */
async function peopleIn(
  context: QuestionContext,
  rows: Rows,
  windows: readonly Window[],
): Promise<Set<string>[] | null> {
  const cut = { slices: windows, whole: false, asked: 'last' } as const;
  const rolled = await rolledMeasures(context, { measures: [runs.runs], groups: [USER], rows, cut });
  if (!rolled) return null;
  const found = windows.map(() => new Set<string>());
  for (const { slice, row } of rolled.parts) {
    const person = row[groupColumn(USER)] as string | null;
    if (person !== null) found[slice]!.add(person);
  }
  const services = await servicesAmong(context, [...new Set(found.flatMap((some) => [...some]))]);
  for (const some of found) for (const person of services) some.delete(person);
  return found;
}

/** The values of a measure in each slice, and over all of them where that is wanted, which come last. */
function setAll(grid: Grid, base: 'newcomers' | 'people', measure: Measure, cut: Cut, values: readonly number[]): void {
  const group = grid.group([], { base });
  for (const [index, value] of values.entries()) {
    grid.set(group, measure, index === cut.slices.length ? WHOLE : index, BigInt(value));
  }
}

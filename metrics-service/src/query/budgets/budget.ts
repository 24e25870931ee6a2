import { z } from 'zod';
import { DEFAULT_THRESHOLDS, type BudgetPeriod } from '../../contract/events/budgets.js';
import { filter } from '../../contract/query.js';
import type { QuestionContext } from '../context.js';
import { filtersOf, type Filter } from '../filters.js';
import { InvalidQuery } from '../invalid.js';
import { withNames } from '../resolve.js';
import { Draft, lines } from '../sql/statement.js';

/** A limit on what the runs that pass the filters cost in a period. */
export interface Budget {
  readonly id: string;
  readonly name: string | null;
  readonly limitNanos: bigint;
  readonly period: BudgetPeriod;
  /** names looked up */
  readonly filters: readonly Filter[];
  /** shares of the limit, ascending */
  readonly thresholds: readonly number[];
}

/** A budget before the names in its filters are looked up; null: these are none that runs can be filtered by any more. */
export type ReadBudget = Omit<Budget, 'filters'> & { readonly filters: readonly Filter[] | null };

const storedFilters = z.record(z.string(), filter).nullable();

/** The filters of runs that were stored. */
export function readFilters(stored: unknown): readonly Filter[] | null {
  try {
    return filtersOf({ filters: storedFilters.parse(stored ?? null) ?? {} });
  } catch (error) {
    if (error instanceof InvalidQuery || error instanceof z.ZodError) return null;
    throw error;
  }
}

export function readThresholds(stored: readonly number[] | null | undefined): readonly number[] {
  return [...(stored ?? DEFAULT_THRESHOLDS)].sort((one, other) => one - other);
}

/** The budgets that hold now, by id; with `only` those that it lets through. */
export async function readBudgets(context: QuestionContext, only: readonly Filter[] = []): Promise<ReadBudget[]> {
  const draft = new Draft(context.orgId);
  const sql = lines(
    'select budget_id, name, limit_nanos, period, filters, thresholds',
    `from ${draft.table('budgets')}`,
    'where org_id = $1',
    '  and not deleted',
    '  and limit_nanos is not null',
    'order by budget_id',
  );
  const rows = (await context.ask(draft.statement(sql))) as unknown as Stored[];
  return rows
    .filter(({ budget_id: id, name }) => only.every((one) => isChosen(one, [id, name])))
    .map(({ budget_id: id, name, limit_nanos, period, filters, thresholds }) => ({
      ...{ id, name, period },
      limitNanos: BigInt(limit_nanos),
      filters: readFilters(filters),
      thresholds: readThresholds(thresholds),
    }));
}

/** What budgets are called, by id, where they have a name. */
export async function budgetNames(context: QuestionContext, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = new Set(ids);
  const named = (await readBudgets(context)).filter(({ id, name }) => name !== null && wanted.has(id));
  return new Map(named.map(({ id, name }) => [id, name!]));
}

interface Stored {
  readonly budget_id: string;
  readonly name: string | null;
  readonly limit_nanos: string;
  readonly period: BudgetPeriod;
  readonly filters: unknown;
  readonly thresholds: number[] | null;
}

/** Whether a filter on budgets chooses one: by its id, or by what it is or was called (null: by no name). Pure. */
export function isChosen(filter: Filter, called: readonly (string | null | undefined)[]): boolean {
  const passing = called.flatMap((one) => (one == null ? [] : [letsThrough(filter, one)]));
  return filter.negated ? !passing.includes(false) : passing.includes(true);
}

/** Whether a value passes a filter, as `filterCondition` says it in SQL. Pure. */
export function letsThrough({ values, none, negated }: Filter, value: string | null): boolean {
  const isNamed = value === null ? none : values.includes(value);
  return negated ? !isNamed : isNamed;
}

/** The filters of several budgets with their names looked up, all at once; null: they say nothing that can be looked up. */
export async function resolveAll<B extends { readonly filters: readonly Filter[] | null }>(
  context: QuestionContext,
  budgets: readonly B[],
): Promise<(readonly Filter[] | null)[]> {
  const known = budgets.map(({ filters }) => filters ?? []);
  try {
    const all = [...(await withNames(context, known.flat()))];
    return budgets.map(({ filters }, index) => (filters === null ? null : all.splice(0, known[index]!.length)));
  } catch (error) {
    // such as a name that two people have
    if (!(error instanceof InvalidQuery)) throw error;
    if (budgets.length === 1) return [null];
    const half = Math.ceil(budgets.length / 2);
    const [first, second] = [budgets.slice(0, half), budgets.slice(half)];
    return [...(await resolveAll(context, first)), ...(await resolveAll(context, second))];
  }
}

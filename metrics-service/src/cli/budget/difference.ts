import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { NANOS_PER_USD } from '../../catalogue/exact.js';
import { filter } from '../../contract/query.js';
import type { Database } from '../../db/database.js';
import { printable } from '../../format/values.js';
import { readThresholds } from '../../query/budgets/budget.js';
import { statesFrom } from '../../query/budgets/state.js';
import { stampOfWon, type Stamps } from '../../ingest/stamps.js';
import { readDeclared, type Declared } from './declared.js';

/** What holds of a budget, in words to be compared and read. */
type Said = Readonly<Record<'name' | 'limit' | 'period' | 'filters' | 'thresholds', string>>;

export interface HeldBudget {
  readonly id: string;
  /** null: it is deleted */
  readonly said: Said | null;
  /** what was said of it last, epoch ms: the next must be said later to hold */
  readonly latestMs: number;
}

/** What would change of a budget. */
export interface BudgetChange {
  readonly id: string;
  readonly before: Said | null;
  readonly after: Said | null;
  /** what says so; null: that it is deleted */
  readonly declared: Declared | null;
  readonly latestMs: number;
}

/** All budgets of the organization that anything was ever said of, by id. */
export async function readHeld(database: Database, orgId: string): Promise<Map<string, HeldBudget>> {
  const { rows } = await database.inOrganization(
    orgId,
    (tx) =>
      tx.query<Stored>(
        `
        select budget_id, deleted, name, limit_nanos, period, filters, thresholds, stamps
        from budgets
        where org_id = $1
        order by budget_id`,
        [orgId],
      ),
    { readOnly: true },
  );
  return new Map(rows.map((row) => [row.budget_id, heldOf(row)]));
}

interface Stored {
  readonly budget_id: string;
  readonly deleted: boolean;
  readonly name: string | null;
  readonly limit_nanos: string | null;
  readonly period: string | null;
  readonly filters: unknown;
  readonly thresholds: number[] | null;
  readonly stamps: Stamps;
}

function heldOf({ budget_id: id, deleted, limit_nanos: limit, period, stamps, ...row }: Stored): HeldBudget {
  const isHeld = !deleted && limit !== null && period !== null;
  const said = isHeld ? saidOf({ limitNanos: BigInt(limit), period, ...row }) : null;
  return { id, said, latestMs: Math.max(0, ...stamps.map((one) => stampOfWon(one)[1])) };
}

/** What would change if these were said; with `prunes` others are deleted. Pure. */
export function changesOf(
  held: ReadonlyMap<string, HeldBudget>,
  declared: readonly Declared[],
  prunes = false,
): BudgetChange[] {
  const set = declared.map((one): BudgetChange => {
    const { limitUsd: limitNanos, period, name, filters, thresholds } = readDeclared(one);
    const known = held.get(one.budgetId);
    const after = saidOf({ limitNanos, period, name, filters, thresholds });
    return { id: one.budgetId, before: known?.said ?? null, after, declared: one, latestMs: known?.latestMs ?? 0 };
  });
  const ids = new Set(declared.map(({ budgetId }) => budgetId));
  const others = [...held.values()].filter(({ id, said }) => said !== null && !ids.has(id));
  const deleted = others.map(({ id, said, latestMs }) => ({ id, before: said, after: null, declared: null, latestMs }));
  return [...set.filter(({ before, after }) => !isDeepStrictEqual(before, after)), ...(prunes ? deleted : [])];
}

function saidOf(one: {
  limitNanos: bigint;
  period: string;
  name?: string | null | undefined;
  filters?: unknown;
  thresholds?: readonly number[] | null | undefined;
}): Said {
  return {
    name: one.name || '(none)',
    limit: exactUsd(one.limitNanos),
    period: one.period,
    filters: inWords(one.filters),
    thresholds: statesInWords(readThresholds(one.thresholds)),
  };
}

const grouped = new Intl.NumberFormat('en-US');
const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 12 });
/** From here on, whole dollars are written without cents, as everywhere. */
const NO_CENTS = 10_000n;

/** As money is written everywhere, but to the last digit: `$12.50`, `$0.000000001`, `$25,000`. */
function exactUsd(nanos: bigint): string {
  const [dollars, rest] = [nanos / NANOS_PER_USD, nanos % NANOS_PER_USD];
  const fraction = String(rest)
    .padStart(9, '0')
    .replace(/0{1,7}$/, '');
  return `$${grouped.format(dollars)}${rest === 0n && dollars >= NO_CENTS ? '' : `.${fraction}`}`;
}

/** `warn from 75%, near from 95%`: what thresholds are for. */
function statesInWords(thresholds: readonly number[]): string {
  const states = Object.entries(statesFrom(thresholds));
  const words = states.flatMap(([state, from]) => (from === null ? [] : [`${state} from ${percent.format(from)}`]));
  return words.join(', ') || 'no warning below the limit';
}

const conditions = z.record(z.string(), filter).nullish();

/** `team=core,apps model!=opus`, in an order of its own. */
function inWords(filters: unknown): string {
  const given = Object.entries(conditions.parse(filters) ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  const words = given.flatMap(([name, { values, none, negated }]) => {
    const all = [...values].sort().concat(none ? ['(none)'] : []);
    return all.length === 0 ? [] : [`${name}${negated ? '!=' : '='}${all.join(',')}`];
  });
  return words.join(' ') || 'the whole organization';
}

/** A change as a line to be read. */
export function lineOf({ id, before, after }: BudgetChange): string {
  if (after === null) return `- ${printable(id)}: ${shown(before!)}`;
  if (before === null) return `+ ${printable(id)}: ${shown(after)}`;
  const said = differing(before, after).map(
    (member) => `${member} ${printable(before[member])} → ${printable(after[member])}`,
  );
  return `~ ${printable(id)}: ${said.join(', ')}`;
}

function differing(before: Said, after: Said): (keyof Said)[] {
  return (Object.keys(after) as (keyof Said)[]).filter((member) => before[member] !== after[member]);
}

/** A change for the audit log: the limits, and what else changed, without what filters name, which may be people. */
export function auditedOf({ id, before, after }: BudgetChange): Record<string, unknown> {
  const [was, is] = [before, after].map((said) => said && `${said.limit} per ${said.period}`);
  if (before === null) return { budget: id, is: 'set', limit: is };
  if (after === null) return { budget: id, is: 'deleted', before: was };
  const others = differing(before, after).filter((member) => member !== 'limit' && member !== 'period');
  const limit = was === is ? { limit: is } : { before: was, limit: is };
  return { budget: id, is: 'changed', ...limit, ...(others.length > 0 ? { others } : {}) };
}

function shown({ limit, period, filters, thresholds }: Said): string {
  return `${limit} per ${period}, ${printable(filters)}; ${thresholds}`;
}

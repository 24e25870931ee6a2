import type { BenchEvent } from '../events.js';
import { BUDGET_PERIODS, type BudgetPeriod } from '../../contract/events/budgets.js';

export const BUDGETS = 1_000;

/** What the budgets of the benchmark are about: the values that the world of `scale` has. */
const ABOUT: readonly ((n: number) => Readonly<Record<string, string[]>>)[] = [
  () => ({}),
  (n) => ({ team: [`team-${n % 40}`] }),
  (n) => ({ user: [`user-${n % 2_000}`] }),
  (n) => ({ repo: [`acme/repo-${n % 200}`] }),
  (n) => ({ agent: [`agent-${n % 30}`] }),
  (n) => ({ model: [['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5', 'gpt-5.4', 'gpt-5.4-mini'][n % 5]!] }),
  (n) => ({ work_item_type: [['bug', 'feature', 'chore', 'incident'][n % 4]!] }),
];

/** Limits as shares of the way from what is spent to what will be: half of them are reached on it, some are already, some never. */
const LIMITS = [0.5, -0.5, 0.2, 1.2, 0.8, 3];

export interface Told {
  readonly id: string;
  readonly period: BudgetPeriod;
  readonly filters: Readonly<Record<string, string[]>>;
}

/** A thousand budgets of every kind and period. */
export const TOLD: readonly Told[] = Array.from({ length: BUDGETS }, (_, at) => {
  const n = Math.floor(at / ABOUT.length / BUDGET_PERIODS.length);
  const period = BUDGET_PERIODS[Math.floor(at / ABOUT.length) % BUDGET_PERIODS.length]!;
  return { id: `budget-${at}`, period, filters: ABOUT[at % ABOUT.length]!(n) };
});

/** What a budget has spent and will have spent at the end of its period, in US dollars. */
export interface Costs {
  readonly spent: number;
  readonly projected: number;
}

/** What was told a year ago: since then it is known what is usual. */
export function firstEvent(atMs: number): BenchEvent {
  const time = new Date(atMs - 365 * 86_400_000).toISOString();
  return { specversion: '1.0', source: 'bench', id: 'first', type: 'user.upserted', time, data: { userId: 'user-0' } };
}

/** Events that set them all to limits around these costs, or to any limit where there are none. */
export function eventsOf(costs: ReadonlyMap<string, Costs>, atMs: number): BenchEvent[] {
  return TOLD.map(({ id, period, filters }, at) => {
    const { spent, projected } = costs.get(id) ?? { spent: 0, projected: 1_000 };
    const usd = spent + (projected - spent) * LIMITS[at % LIMITS.length]!;
    const data = { budgetId: id, limitUsd: Math.max(0.01, Math.round(usd * 100) / 100), period, filters };
    const time = new Date(atMs).toISOString();
    return { specversion: '1.0', source: 'bench', id: `${id} ${atMs}`, type: 'budget.set', time, data };
  });
}

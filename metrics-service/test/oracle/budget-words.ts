import type { Stamp } from './entity.js';
import { greater } from './entity.js';
import type { Filters, FilterValues, SentEvent } from './types.js';
import { nanos } from './values.js';

/** What was said of a budget at some time; null: that it is deleted. */
export interface Word {
  stamp: Stamp;
  budget: Budget | null;
}

export interface Budget {
  id: string;
  name: string | null;
  limit: bigint;
  period: 'day' | 'week' | 'month';
  filters: Filters;
  thresholds: number[];
}

export function readWord({ type, data }: SentEvent, stamp: Stamp): Word {
  if (type === 'budget.deleted') return { stamp, budget: null };
  const listed = (values: unknown): FilterValues => [values].flat() as FilterValues;
  const filters = Object.entries((data.filters ?? {}) as Record<string, unknown>).map(([name, given]) => {
    const isNegated = typeof given === 'object' && given !== null && !Array.isArray(given);
    return [name, isNegated ? { not: listed((given as { not: unknown }).not) } : listed(given)] as const;
  });
  const budget = {
    id: data.budgetId as string,
    name: (data.name || null) as string | null,
    limit: nanos(data.limitUsd as string | number),
    period: data.period as Budget['period'],
    filters: Object.fromEntries(filters),
    thresholds: (data.thresholds ?? [0.75, 0.95, 1]) as number[],
  };
  return { stamp, budget };
}

/** The latest of these words; null: there is none, or the budget is deleted. */
export function latest(words: Word[]): Budget | null {
  const [first, ...others] = words;
  if (!first) return null;
  return others.reduce((last, one) => (greater(one.stamp, last.stamp) ? one : last), first).budget;
}

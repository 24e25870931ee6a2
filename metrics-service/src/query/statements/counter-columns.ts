import { isStorable } from '../../contract/values.js';
import { compareUtf8 } from '../../text-order.js';
import type { ListColumn, ListRow, SelectedColumn } from './list.js';

const PREFIX = 'counter_';

/** A column `counter_<name>` of a list of runs, whose rows have the run's `counters`. */
export interface CounterColumn extends ListColumn {
  readonly counter: string;
}

/** The column of that counter. */
export function counterColumn(counter: string): CounterColumn {
  const read = ({ counters }: ListRow): number | null => {
    const numbers = counters as unknown as Readonly<Record<string, number>> | null;
    return numbers !== null && Object.hasOwn(numbers, counter) ? numbers[counter]! : null;
  };
  return { name: `${PREFIX}${counter}`, type: 'number', title: counter, counter, read };
}

/** The column to order a list by, if `name` is that of a counter; its SQL is that of the whole object. */
export function counterOrder(name: string): (CounterColumn & SelectedColumn) | undefined {
  if (!name.startsWith(PREFIX) || name === PREFIX || !isStorable(name)) return undefined;
  return { ...counterColumn(name.slice(PREFIX.length)), sql: 'r.counters', columns: ['r.counters'] };
}

/** The columns for the counters of one run, by name. */
export function countersOfRun({ counters }: ListRow): CounterColumn[] {
  return Object.keys((counters ?? {}) as object)
    .sort(compareUtf8)
    .map(counterColumn);
}

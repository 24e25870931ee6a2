import { showValue } from '../../format/values.js';
import type { ShownColumn, ShownRow } from '../../presentation/rows.js';

const COMPANION = /_(low|high|cases)$/;

/** The columns without those that say how sure another one is. */
export function withoutCompanions(columns: readonly ShownColumn[]): ShownColumn[] {
  const names = new Set(columns.map(({ name }) => name));
  return columns.filter(({ name }) => !COMPANION.test(name) || !names.has(name.replace(COMPANION, '')));
}

/** `91.7% (64.6% to 98.5%), n=12`: the interval where there is one, the number of cases where it is told. */
export function showWithInterval(row: ShownRow, { name, kind }: ShownColumn, timezone: string): string {
  const show = (value: unknown): string => showValue(value, kind, timezone);
  const [low, high, cases] = ['low', 'high', 'cases'].map((end) => row[`${name}_${end}`]);
  const interval = low == null ? '' : ` (${show(low)} to ${show(high)})`;
  return `${show(row[name])}${interval}${cases == null ? '' : `, n=${showValue(cases, 'count', timezone)}`}`;
}

import type { Notice } from '../../contract/frames.js';
import { compareUtf8 } from '../../text-order.js';
import type { QuestionContext } from '../context.js';
import type { Rows } from '../rows.js';
import { counterColumn, type CounterColumn } from '../statements/counter-columns.js';
import { counterNamesStatement } from '../statements/counter-names.js';

const MOST_COLUMNS = 20;

/** A column for each of the counters that most runs of a list have, at most 20, by name. */
export async function counterColumns(
  context: QuestionContext,
  rows: Rows,
): Promise<{ columns: CounterColumn[]; notices: Notice[] }> {
  const found = await context.ask(counterNamesStatement(context.orgId, rows, MOST_COLUMNS));
  const names = found.map(({ name }) => name as string).sort(compareUtf8);
  const all = Number(found[0]?.names ?? 0);
  const text = `of ${all} counters the ${MOST_COLUMNS} that most runs have are shown: counter_total by counter has all`;
  return { columns: names.map(counterColumn), notices: all > names.length ? [{ severity: 'info', text }] : [] };
}

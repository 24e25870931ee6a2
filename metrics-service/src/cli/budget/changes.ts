import { printable, showTime } from '../../format/values.js';
import { rowsOf } from '../../presentation/rows.js';
import { framesOf } from '../query.js';
import type { QueryClient } from '../query/client.js';
import { columns } from '../table.js';

/** When a budget was set, changed or ended; `text` says the limit, before and after, and by which source. */
interface Change {
  readonly time: number;
  readonly title: string;
  readonly text: string;
  /** `budget_change:<budget>:<time>` */
  readonly id: string;
}

const MOST_CHANGES = 1_000;

/** The changes of budgets in the window, the latest first; of those named, by id or by what they are called, or of all. */
export async function changesIn(
  client: QueryClient,
  window: object,
  budgets: readonly string[],
): Promise<readonly Change[]> {
  const query = {
    refId: 'A',
    view: 'annotations',
    kinds: ['budget_change'],
    ...window,
    limit: MOST_CHANGES,
    offset: 0,
  };
  const frames = framesOf(await client.ask({ queries: [query] }));
  const changes = rowsOf(frames).rows as unknown as readonly Change[];
  if (budgets.length === 0) return changes;
  return changes.filter((one) => budgets.some((name) => name === budgetOf(one) || one.title.endsWith(`: ${name}`)));
}

function budgetOf({ id }: Change): string {
  return id.replace(/^budget_change:/, '').replace(/:\d+$/, '');
}

export function changesText(changes: readonly Change[], timezone: string): string {
  const rows = changes.map(({ time, title, text }) => [showTime(time, timezone), title, text.replace('\n', ' ')]);
  const safe = rows.map((row) => row.map(printable));
  return columns(['When', 'Change', 'Limit'], safe).join('\n');
}

export function valueOf(change: Change): object {
  const { time, title, text } = change;
  return { time: new Date(time).toISOString(), budget: budgetOf(change), title, text };
}

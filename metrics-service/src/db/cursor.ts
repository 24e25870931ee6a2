import type { Transaction } from './database.js';

/**
 * Plan for reading all rows, not the first few. A reader that takes nothing for two minutes is gone: its snapshot and
 * connection are needed.
 */
const SETTINGS = `
  select
    set_config('cursor_tuple_fraction', '1', true),
    set_config('idle_in_transaction_session_timeout', '120s', true)`;

/** The rows of a statement in batches, through a database cursor: only one batch is in memory at a time. */
export async function* readAll<Row extends Record<string, unknown> = Record<string, unknown>>(
  tx: Transaction,
  { sql, values }: { readonly sql: string; readonly values: readonly unknown[] },
  batchRows = 1000,
): AsyncGenerator<Row[], void, void> {
  await tx.query(SETTINGS);
  await tx.query(`declare every_row no scroll cursor for\n${sql}`, [...values]);
  for (;;) {
    const { rows } = await tx.query<Row>(`fetch forward ${batchRows} from every_row`);
    if (rows.length > 0) yield rows;
    if (rows.length < batchRows) break;
  }
  tx.write('close every_row', []);
}

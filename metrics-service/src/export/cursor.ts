import type { Transaction } from '../db/database.js';
import type { Statement } from '../query/statements/statement.js';

const BATCH_ROWS = 1000;

/**
 * All rows will be read, so the whole is planned for and not the first rows; and who has not taken any for two minutes
 * is gone: the snapshot and its connection are needed.
 */
const SETTINGS = `
  select
    set_config('cursor_tuple_fraction', '1', true),
    set_config('idle_in_transaction_session_timeout', '120s', true)`;

/** The rows of a statement in batches, from a cursor of the database: as many are in memory as one batch has. */
export async function* readAll(
  tx: Transaction,
  { sql, values }: Statement,
): AsyncGenerator<Record<string, unknown>[], void, void> {
  await tx.query(SETTINGS);
  await tx.query(`declare exported no scroll cursor for\n${sql}`, [...values]);
  for (;;) {
    const { rows } = await tx.query(`fetch forward ${BATCH_ROWS} from exported`);
    if (rows.length > 0) yield rows;
    if (rows.length < BATCH_ROWS) return;
  }
}

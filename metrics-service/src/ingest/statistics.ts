import type { Database } from '../db/database.js';

const LEAST_EVENTS = 2_000;

/**
 * Has PostgreSQL look at the tables anew: on tables that have grown many times over since, its plans are poor. Never
 * fails: otherwise autovacuum will do it.
 */
export async function analyzeTables(database: Database): Promise<void> {
  await database.query('select analyze_tables()').catch(() => {});
}

/**
 * Keeps the planner's statistics fresh while much comes in at once: autovacuum looks once a minute, and until then
 * a question over a first import takes seconds. Looks again whenever the events have doubled.
 */
export class Statistics {
  #accepted = 0;
  #since = 0;
  #busy = false;

  constructor(private readonly database: Database) {}

  /** Notes accepted events; never fails, and nobody waits for it. */
  note(accepted: number): void {
    this.#accepted += accepted;
    this.#since += accepted;
    if (this.#busy || this.#since < Math.max(LEAST_EVENTS, this.#accepted / 2)) return;
    this.#since = 0;
    this.#busy = true;
    void analyzeTables(this.database).then(() => (this.#busy = false));
  }
}

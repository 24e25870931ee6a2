import type pg from 'pg';
import { textArray } from './text-array.js';

/** Of one connection: each takes about 160 KB of the server's memory. */
const MOST_KNOWN = 300;
/** Texts that were sent once; most that filters make are never sent again. */
const MOST_SEEN = 2_000;

interface Known {
  readonly name: string;
  /** places of values that are cast to text[] */
  readonly lists: readonly number[];
}

/**
 * A name per statement text that is sent again and again, under which the server keeps it parsed and, where the plan does
 * not depend on the values, planned. Lists of text are sent in binary form: those of ingest hold thousands of ids.
 */
export class StatementNames {
  #known = new Map<string, Known>();
  #seen = new Set<string>();
  #named = 0;
  #generation = 0;
  readonly #generations = new WeakMap<pg.ClientBase, number>();

  /** How to send it: under a name, if it has values and came before. */
  prepared(sql: string, values?: unknown[]): pg.QueryConfig {
    const known = values && (this.#known.get(sql) ?? this.#know(sql));
    if (!known) return { text: sql, values };
    const { name, lists } = known;
    if (lists.length === 0) return { text: sql, values, name };
    const sent = [...values];
    for (const place of lists) if (Array.isArray(sent[place])) sent[place] = textArray(sent[place] as string[]);
    return { text: sql, values: sent, name };
  }

  /** Whether this connection keeps statements under names that are not used any more: it should be closed. */
  isFull(client: pg.ClientBase): boolean {
    const generation = this.#generations.get(client);
    if (generation === undefined) this.#generations.set(client, this.#generation);
    return (generation ?? this.#generation) !== this.#generation;
  }

  #know(sql: string): Known | null {
    if (!this.#seen.delete(sql)) {
      if (this.#seen.size >= MOST_SEEN) this.#seen.clear();
      this.#seen.add(sql);
      return null;
    }
    if (this.#known.size >= MOST_KNOWN) {
      this.#known.clear();
      this.#generation += 1;
    }
    const lists = new Set(Array.from(sql.matchAll(/\$(\d+)::text\[\]/g), ([, place]) => Number(place) - 1));
    const known = { name: `runboard_${(this.#named += 1)}`, lists: [...lists] };
    this.#known.set(sql, known);
    return known;
  }
}

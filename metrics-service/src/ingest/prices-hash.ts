/**
 * What `ingest_state.prices_hash` may hold instead of the hash of the price table that all costs were computed with.
 * Only `reprice` sets a hash again.
 */

/** Costs were computed with different tables. */
export const MIXED = '';

/** Costs are being updated to that table, and since then none was computed with another one. */
export const towards = (hash: string): string => `towards ${hash}`;

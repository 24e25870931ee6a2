/**
 * What `ingest_state.prices_hash` says beside the hash of the price table that all costs are computed with. Only
 * `reprice` leads back to a hash.
 */

/** Some costs are of one table and some of another. */
export const MIXED = '';

/** Costs are being brought to that table, and nobody has computed one with another since that began. */
export const towards = (hash: string): string => `towards ${hash}`;

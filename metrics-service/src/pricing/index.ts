import { readFileSync } from 'node:fs';
import { BUILT_IN_PRICES } from './prices.js';
import type { PriceFile } from './schema.js';
import { priceTable } from './table.js';
import type { PriceTable } from './types.js';

export type { CallTerms, PriceTable, Usage } from './types.js';

/**
 * The price table: that of `file` (JSON in the form of prices.ts), by default the built-in one.
 * @throws Error with one line that names the file and the place in it
 */
export function loadPrices(file?: string): PriceTable {
  return readList(file, priceTable);
}

/** The same as a list. @throws as `loadPrices` */
export function loadPriceList(file?: string): PriceFile {
  return readList(file, (content) => {
    priceTable(content);
    return content as PriceFile;
  });
}

function readList<T>(file: string | undefined, read: (content: unknown) => T): T {
  if (file === undefined) return read(BUILT_IN_PRICES);
  try {
    return read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`price file ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

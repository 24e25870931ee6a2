import { z } from 'zod';
import { DIMENSIONS, METRICS } from '../catalogue/index.js';

/** The arguments of tools, with the names of the catalogue. */

const names = (list: readonly { name: string }[]) => z.enum(list.map(({ name }) => name));

export const metricId = z.enum(METRICS.map(({ id }) => id));
export const dimension = names(DIMENSIONS);

export const values = z.union([z.string(), z.array(z.string()).max(100)]);
const filter = z.union([values, z.strictObject({ not: values })]);
/** With the names of all dimensions, which a client reads with every conversation: of one tool only. */
export const filters = z
  .partialRecord(dimension, filter)
  .optional()
  .describe(
    'per dimension a value, a list of values, or {"not": [values]}; "(none)" stands for rows without one. A user is ' +
      'named by id or name.',
  );
/** The same in other tools; what is no dimension is refused with the list of them. */
export const someFilters = z.record(z.string(), filter).optional().describe('as in `query`');

export const windowInputs = {
  last: z.string().optional().describe('the window that ends at `to`: 24h, 7d, 4w, 3mo, 1y; default 30d'),
  from: z.string().optional().describe('its start instead of `last`: 2026-01-31, or 2026-01-31T09:30:00+01:00'),
  to: z.string().optional().describe('its end, not included; default now'),
  timezone: z.string().optional().describe("an IANA name; default the organization's"),
};

export const limit = (byDefault: number, most: number) =>
  z.int().min(1).max(most).default(byDefault).describe(`rows at most, up to ${most}`);

import type { Fraction } from './fraction.js';
import { whole } from './fraction.js';
import type { Scope } from './rows.js';
import { type Metric, RUN_METRICS } from './run-metrics.js';
import { SESSION_METRICS } from './session-metrics.js';

export { RUN_METRICS, SESSION_METRICS };

/** now − the newest time of any event of the organization, in ms. */
const dataAge: Metric = ({ world, now }) => (world.newestEventAt === null ? null : whole(now - world.newestEventAt));

const ALL: Record<string, Metric> = { ...RUN_METRICS, ...SESSION_METRICS, data_age: dataAge };
export const ORACLE_METRICS = Object.keys(ALL);

/** A metric over a scope, exactly; null where there is nothing to say. */
export function metricValue(id: string, scope: Scope): Fraction | null {
  const metric = ALL[id];
  if (!metric) throw new Error(`unknown metric ${id}`);
  return metric(scope);
}

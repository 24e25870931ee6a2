import pg from 'pg';
import { DEMO_ORGANIZATION, loadDemo } from '../../../metrics-service/src/demo/load.js';
import { createIngest } from '../../../metrics-service/src/ingest/index.js';
import { loadPrices } from '../../../metrics-service/src/pricing/index.js';
import { testService, type TestService } from '../../../metrics-service/test/support/service.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A Wednesday afternoon: the demo ends then. */
export const NOW = Date.UTC(2026, 3, 15, 14, 20);
/** What the boards show when they are opened. */
export const LAST_30_DAYS = { from: NOW - 30 * DAY_MS, to: NOW + 1, timezone: 'UTC' };

/** A service with the demo organization, loaded as `runboard demo` does. */
export async function demoService(): Promise<TestService> {
  const service = await testService({ clock: () => NOW, organization: DEMO_ORGANIZATION });
  const owner = new pg.Client({ connectionString: service.url });
  await owner.connect();
  // the demo is relative to the moment its organization was made
  await owner.query('update organizations set created_at = $1', [new Date(NOW)]);
  const ingest = createIngest({
    database: service.database,
    prices: loadPrices(),
    maxDeadLetters: 10,
    clock: () => NOW,
  });
  await loadDemo({ database: service.database, ingest });
  // as a job of the service does after so many events: its statements are planned for them
  await owner.query('analyze');
  await owner.end();
  return service;
}

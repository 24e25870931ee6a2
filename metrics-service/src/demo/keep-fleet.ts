import { setTimeout as delay } from 'node:timers/promises';
import type { Ingest } from '../ingest/index.js';
import { DIRECTORY } from '../ingest/rights.js';
import { DemoFleet } from './fleet.js';
import { DEMO_ORGANIZATION } from './load.js';

const EVERY_MS = 2_000;

/** Keeps a small fleet of the demo organization at work until it is stopped; then its runs are canceled. */
export async function keepFleet(
  { ingest, clock, onError }: { ingest: Ingest; clock: () => number; onError: (error: unknown) => void },
  signal: AbortSignal,
): Promise<void> {
  const fleet = new DemoFleet(clock());
  const send = (events: readonly object[]) => ingest.ingest(DEMO_ORGANIZATION, [...events], DIRECTORY);
  while (!signal.aborted) {
    await send(fleet.upTo(clock())).catch(onError);
    await delay(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
  await send(fleet.end(clock())).catch(onError);
}

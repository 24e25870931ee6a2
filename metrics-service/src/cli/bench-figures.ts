import { aheadMs, benchBudgets } from '../bench/budgets/index.js';
import { makeBenchDatabase, type BenchDatabase } from '../bench/database.js';
import { BENCH_START_MS } from '../bench/events.js';
import { benchExport } from '../bench/export.js';
import { benchImport } from '../bench/import.js';
import { benchIngest } from '../bench/ingest.js';
import { benchLive } from '../bench/live/index.js';
import { benchOverview } from '../bench/overview.js';
import { benchQueries, loadGenerator } from '../bench/queries.js';
import { benchScale } from '../bench/scale/index.js';
import { withBenchService } from '../bench/service.js';
import { benchTelemetry } from '../bench/telemetry.js';
import { benchTimeline } from '../bench/timeline.js';
import { EVENTS_PER_SESSION, type FigureName, type Flags } from './bench-flags.js';
import type { Figures } from './bench-report.js';
import { progressBar } from './progress.js';
import type { Surroundings } from './surroundings.js';

const DAY_MS = 86_400_000;
/** As many as SDKs and our collector's configuration send at once. */
const RECORDS_IN_REQUEST = 500;
/** A session has four runs: 50,000 of them in 30 days are 200,000 runs. */
const SESSION_EVERY_MS = (30 * DAY_MS) / 50_000;

/** Measures the requested figures, on a database that is deleted afterwards. @throws Failure */
export async function measure(
  surroundings: Surroundings,
  asked: readonly FigureName[],
  flags: Flags,
): Promise<Figures> {
  if (asked.includes('queries')) await loadGenerator();
  const made = await makeBenchDatabase(surroundings.config().databaseOwnerUrl);
  return measureOn(made, surroundings, asked, flags).finally(() => made.remove());
}

async function measureOn(
  made: BenchDatabase,
  surroundings: Surroundings,
  asked: readonly FigureName[],
  flags: Flags,
): Promise<Figures> {
  const figures: Figures = {};
  const withBar = async <T>(noun: string, work: (show: (done: number, total: number) => void) => Promise<T>) => {
    const bar = progressBar(surroundings, noun);
    return work(bar.show).finally(bar.clear);
  };
  if (asked.includes('ingest')) {
    const load = { ...flags, events: Math.round(flags.events), sessionEveryMs: SESSION_EVERY_MS };
    figures.ingest = await withBar('events', (show) =>
      withBenchService(made, 'bench', (service) => benchIngest(made, service, load, show)),
    );
    await made.owner.query('vacuum analyze');
    const toMs = BENCH_START_MS + Math.floor((load.events / EVENTS_PER_SESSION) * SESSION_EVERY_MS);
    figures.overview = await benchOverview(made.database, 'bench', toMs);
  }
  if (asked.includes('telemetry')) {
    const load = {
      records: flags.records,
      batch: RECORDS_IN_REQUEST,
      senders: flags.senders,
      hookSeconds: flags.seconds ?? 10,
    };
    figures.telemetry = await withBar('records', (show) =>
      withBenchService(made, 'bench-telemetry', (service) => benchTelemetry(service, load, show)),
    );
  }
  if (asked.includes('import') && flags.transcripts > 0) {
    figures.import = await withBar('MB', (show) =>
      withBenchService(made, 'bench-import', (service) => benchImport(service, flags.transcripts, show)),
    );
  }
  if (asked.includes('timeline')) {
    figures.timeline = await withBenchService(made, 'bench-timeline', (service) => benchTimeline(service));
  }
  if (asked.includes('export')) {
    figures.export = await withBar('sessions', (show) => benchExport(made, flags.sessions, show));
  }
  if (asked.includes('queries')) figures.queries = await benchQueries(made, flags.seconds ?? 10);
  if (asked.includes('live')) {
    const load = { ...flags, seconds: flags.seconds ?? 20 };
    figures.live = await withBar('events', (show) =>
      withBenchService(made, 'bench-live', (service) => benchLive(made, service, 'bench-live', load, show)),
    );
  }
  if (asked.includes('budgets')) {
    const ahead = aheadMs(Date.now());
    const figure = { runs: flags.runs, clock: () => Date.now() + ahead };
    figures.budgets = await withBar('questions', (show) =>
      withBenchService(
        made,
        'bench-budgets',
        (service) => benchBudgets(made, service, 'bench-budgets', figure, show),
        ahead,
      ),
    );
  }
  if (asked.includes('scale')) {
    figures.scale = await withBar('questions', (onProgress) => benchScale(made, flags.runs, { onProgress }));
  }
  return figures;
}

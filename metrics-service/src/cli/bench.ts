import { Command, InvalidArgumentError } from 'commander';
import { BENCH_START_MS } from '../bench/events.js';
import { benchImport } from '../bench/import.js';
import { benchIngest } from '../bench/ingest.js';
import { benchOverview } from '../bench/overview.js';
import { startBenchService } from '../bench/service.js';
import { progressBar } from './progress.js';
import { print, type Surroundings } from './surroundings.js';

const DAY_MS = 86_400_000;
/** A session has four runs: 50,000 of them in 30 days are 200,000 runs. */
const SESSION_EVERY_MS = (30 * DAY_MS) / 50_000;
const EVENTS_PER_SESSION = 25.2;

interface Flags {
  events: number;
  batch: number;
  senders: number;
  transcripts: number;
  json?: boolean;
}

/** `runboard bench`: the figures of docs/benchmarks.md, measured on this machine. */
export function benchCommand(surroundings: Surroundings): Command {
  return new Command('bench')
    .description('measure ingest, an overview board and an import, on a database of its own that is removed afterwards')
    .option(
      '--events <count>',
      'events to send; the default makes 200,000 runs in 30 days',
      positive,
      50_400 * EVENTS_PER_SESSION,
    )
    .option('--batch <size>', 'events in a request', positive, 1_000)
    .option('--senders <count>', 'requests at a time', positive, 4)
    .option('--transcripts <megabytes>', 'size of the transcripts to import; 0: none', positiveOrZero, 0)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  runboard bench\n  runboard bench --events 100000 --transcripts 1024')
    .action(async (flags: Flags) => {
      const service = await startBenchService(surroundings.config().databaseUrl);
      try {
        const events = Math.round(flags.events);
        const sending = progressBar(surroundings, 'events');
        const ingest = await benchIngest(service, { ...flags, events, sessionEveryMs: SESSION_EVERY_MS }, sending.show);
        sending.clear();
        await service.owner.query('vacuum analyze');
        const sessions = events / EVENTS_PER_SESSION;
        const toMs = BENCH_START_MS + Math.floor(sessions * SESSION_EVERY_MS);
        const overview = await benchOverview(service.database, 'bench', toMs);
        const reading = progressBar(surroundings, 'MB');
        const imported = flags.transcripts > 0 ? await benchImport(service, flags.transcripts, reading.show) : null;
        reading.clear();
        print(surroundings, flags.json, { ingest, overview, import: imported }, [
          `ingest     ${whole(ingest.events / ingest.ingestSeconds)} events/s in batches of ${flags.batch}, ${flags.senders} senders`,
          `COPY       ${whole(ingest.events / ingest.copySeconds)} events/s (the same ${whole(ingest.rows)} rows)`,
          `           ingest reaches ${(100 * ingest.ratio).toFixed(1)} % of it; the service held ${whole(ingest.serviceMemoryMb)} MB at most`,
          `overview   ${whole(overview.databaseMs)} ms of database time over ${whole(overview.runs)} runs`,
          ...Object.entries(overview.panels).map(([panel, ms]) => `           ${panel}: ${whole(ms)} ms`),
          ...(imported
            ? [
                `import     ${whole(imported.megabytes)} MB of transcripts in ${imported.seconds.toFixed(1)} s, ${whole(imported.events)} events`,
                `           the service held ${whole(imported.serviceMemoryMb)} MB at most, the importer ${whole(imported.importerMemoryMb)} MB`,
              ]
            : []),
        ]);
      } finally {
        await service.stop();
      }
    });
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function positive(text: string): number {
  const value = positiveOrZero(text);
  if (value === 0) throw new InvalidArgumentError('must be at least 1');
  return value;
}

function positiveOrZero(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}

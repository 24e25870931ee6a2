import { Argument, Command, InvalidArgumentError } from 'commander';
import { makeBenchDatabase, type BenchDatabase } from '../bench/database.js';
import { BENCH_START_MS } from '../bench/events.js';
import { benchExport } from '../bench/export.js';
import { benchImport } from '../bench/import.js';
import { benchIngest } from '../bench/ingest.js';
import { benchOverview } from '../bench/overview.js';
import { benchQueries, loadGenerator } from '../bench/queries.js';
import { withBenchService } from '../bench/service.js';
import { benchTimeline } from '../bench/timeline.js';
import { reportLines, type Figures } from './bench-report.js';
import { progressBar } from './progress.js';
import { print, type Surroundings } from './surroundings.js';

const FIGURES = ['ingest', 'import', 'timeline', 'export', 'queries'] as const;
type FigureName = (typeof FIGURES)[number];

const DAY_MS = 86_400_000;
/** A session has four runs: 50,000 of them in 30 days are 200,000 runs. */
const SESSION_EVERY_MS = (30 * DAY_MS) / 50_000;
const EVENTS_PER_SESSION = 25.2;

interface Flags {
  events: number;
  batch: number;
  senders: number;
  transcripts: number;
  sessions: number;
  seconds: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  runboard bench
  runboard bench ingest import --events 100000 --transcripts 1024
  runboard bench timeline queries --json`;

/** `runboard bench`: the figures of docs/benchmarks.md, measured on this machine. */
export function benchCommand(surroundings: Surroundings): Command {
  return new Command('bench')
    .description('measure how fast it is on this machine, on a database of its own that is removed afterwards')
    .addArgument(new Argument('[figure...]', 'what to measure (default: all)').choices(FIGURES))
    .option(
      '--events <count>',
      'events to send; the default makes 200,000 runs in 30 days',
      positive,
      50_400 * EVENTS_PER_SESSION,
    )
    .option('--batch <size>', 'events in a request', positive, 1_000)
    .option('--senders <count>', 'requests at a time', positive, 4)
    .option('--transcripts <megabytes>', 'size of the transcripts to import; 0: none', positiveOrZero, 0)
    .option('--sessions <count>', 'sessions to export', positive, 500_000)
    .option('--seconds <count>', 'how long to send queries', positive, 10)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (asked: FigureName[], flags: Flags) => {
      const figures = asked.length > 0 ? asked : FIGURES;
      if (figures.includes('queries')) await loadGenerator();
      const made = await makeBenchDatabase(surroundings.config().databaseOwnerUrl);
      try {
        const measured = await measure(surroundings, made, figures, flags);
        print(surroundings, flags.json, measured, reportLines(measured));
      } finally {
        await made.remove();
      }
    });
}

async function measure(
  surroundings: Surroundings,
  made: BenchDatabase,
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
  if (asked.includes('queries')) figures.queries = await benchQueries(made, flags.seconds);
  return figures;
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

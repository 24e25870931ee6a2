import { Argument, Command, InvalidArgumentError } from 'commander';
import { EVENTS_PER_SESSION, FIGURES, USUAL, type FigureName, type Flags } from './bench-flags.js';
import { reportLines } from './bench-report.js';
import { print, type Surroundings } from './surroundings.js';

const EXAMPLES = `
Examples:
  runboard bench
  runboard bench ingest import --events 100000 --transcripts 1024
  runboard bench timeline queries --json
  runboard bench live --seconds 60
  runboard bench budgets scale --runs 8000000`;

/** `runboard bench`: the figures of docs/benchmarks.md, measured on this machine. */
export function benchCommand(surroundings: Surroundings): Command {
  return new Command('bench')
    .description('measure the speed on this machine, with a separate database that is deleted afterwards')
    .addArgument(new Argument('[figure...]', 'what to measure (default: all but budgets and scale)').choices(FIGURES))
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
    .option('--records <count>', 'records of telemetry to send', positive, 300_000)
    .option(
      '--seconds <count>',
      'how long to send queries, hooks or events of `live` (default: 10; live: 20)',
      positive,
    )
    .option('--runs <count>', 'runs of the organization of `budgets` and of `scale`', positive, 1_000_000)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (asked: FigureName[], flags: Flags) => {
      // loaded here, so that other commands start without the service and what is measured
      const { measure } = await import('./bench-figures.js');
      const figures = await measure(surroundings, asked.length > 0 ? asked : USUAL, flags);
      print(surroundings, flags.json, figures, reportLines(figures));
    });
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

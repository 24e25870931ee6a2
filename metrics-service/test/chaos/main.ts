import { Command, InvalidArgumentError } from 'commander';
import { progressBar } from '../../src/cli/progress.js';
import { surroundings } from '../../src/cli/surroundings.js';
import { chaos, type ChaosReport } from './chaos.js';

const EXAMPLES = `
Examples:
  npm run chaos
  npm run chaos -- --kills 20 --senders 8 --seed 7`;

await new Command('npm run chaos --')
  .description(
    'kill service and database with -9 and disturb them while events come in, and see whether anything is lost or counts twice',
  )
  .option('--kills <count>', 'how many', positive, 200)
  .option('--senders <count>', 'senders at a time', positive, 4)
  .option(
    '--seed <number>',
    'of what is sent and when is killed; the answers of the machine differ each time',
    positive,
    1,
  )
  .option('--json', 'print JSON')
  .addHelpText('after', EXAMPLES)
  .action(async ({ json, ...options }: { kills: number; senders: number; seed: number; json?: boolean }) => {
    const bar = progressBar(surroundings(), 'kills');
    const ending = new AbortController();
    process.once('SIGINT', () => ending.abort()).once('SIGTERM', () => ending.abort());
    const report = await chaos({
      ...options,
      signal: ending.signal,
      onKill: (done) => bar.show(done, options.kills),
    }).finally(bar.clear);
    process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${lines(report).join('\n')}\n`);
    process.exitCode = report.differences.length > 0 ? 1 : 0;
  })
  .parseAsync();

function lines(report: ChaosReport): string[] {
  const { kills, recoveryMs, traffic, differences, dataDir } = report;
  const all = Object.values(kills).reduce((sum, count) => sum + count, 0);
  const counts = (of: Record<string, number>): string =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  return [
    `seed           ${report.seed}`,
    `kills          ${all} (${counts(kills)})`,
    `disturbed      ${counts(report.faults)}`,
    `back after     ${recoveryMs.median} ms (median), ${recoveryMs.most} ms (most)`,
    `from sums      ${report.fromSums} answers after kills, equal to those from the rows`,
    `ended itself   ${report.endedByItself} times, and was started again`,
    `requests       ${traffic.requests} (${counts(traffic.answers)})`,
    `events         ${report.acknowledged} acknowledged, in ${report.organizations} organizations`,
    `by OTLP        ${report.acknowledgedCalls} model calls acknowledged`,
    `sent again     ${report.duplicates} known events`,
    `rejected       ${report.rejected}`,
    ...(differences.length === 0
      ? ['Nothing acknowledged is missing, nothing counts twice.']
      : [`${differences.length} differences:`, ...differences.map((line) => `  ${line}`), `data folder: ${dataDir}`]),
  ];
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value === 0) throw new InvalidArgumentError('must be a whole number, at least 1');
  return value;
}

import type { Command } from 'commander';
import { printable } from '../../format/values.js';
import { BadUsage } from '../../failure.js';
import { BadQuestion } from '../../mcp/asker.js';
import { InvalidQuery } from '../../query/invalid.js';
import { CONTRASTED } from '../../query/statements/contrast.js';
import { DISTRIBUTIONS } from '../../query/views/distribution.js';
import { ORG_FLAG } from '../options.js';

/** For an option that may be given several times. */
export const each = (value: string, before: string[] = []): string[] => [...before, value];

/** The earlier window to compare with: `previous` if none is named. */
export const COMPARE_FLAG = [
  '--compare [window]',
  'add an earlier window, and the change: previous (as long, directly before; the default) or same_weekdays',
] as const;

/** The only kind of intervals, if none is named. */
export const INTERVALS_FLAG = [
  '--intervals [kind]',
  'a table: the 95 % interval of each share, and which groups are not told apart: wilson95 (the default)',
] as const;

/** What the view contrast is of, and tells apart. */
export function withContrast(command: Command): Command {
  return command
    .option(
      '--with <filter>',
      'a contrast: with and without runs that pass, such as role=reviewer or tool=WebSearch',
      each,
    )
    .option(
      '--of <what>',
      `a contrast: of ${CONTRASTED.join(' or ')}; a distribution: of ${DISTRIBUTIONS.join(', ')} (default: the first)`,
    );
}

/** Adds `--filter` and the options of the window, as readWindow takes them. */
export function withWindow(command: Command): Command {
  return command
    .option('--filter <filter>', 'repo=web, repo=web,api, team!=core, team=(none); repeatable', each)
    .option('--last <duration>', 'window that ends now or at --to: 24h, 7d, 4w, 3mo, 1y (default: 30d)')
    .option('--from <time>', 'start: 2026-01-31, 2026-01-31T09:30 (in the zone) or 2026-01-31T09:30:00+01:00')
    .option('--to <time>', 'end, not included (default: now)')
    .option('--timezone <zone>', 'IANA name, such as Europe/Vienna (default: the organization’s)');
}

/** Adds `--order-by`, described by `orderBy`, and its direction. */
export function withOrder(command: Command, orderBy: string): Command {
  return command
    .option('--order-by <name>', orderBy)
    .option('--asc', 'the smallest first')
    .option('--desc', 'the largest first (default)');
}

/** Adds the options that withQueryClient takes. */
export function withService(command: Command): Command {
  return command
    .option(...ORG_FLAG)
    .option('--url <url>', 'ask another service (with --token)')
    .option('--token <token>', 'a token with scope read, for the service');
}

/** Runs the command's query; an invalid one is bad usage. */
export async function asked(command: Command, question: () => Promise<void>): Promise<void> {
  try {
    await question();
  } catch (error) {
    const isBadUsage = [BadUsage, InvalidQuery, BadQuestion].some((kind) => error instanceof kind);
    if (!isBadUsage) throw error;
    command.error(`error: ${printable((error as Error).message)}`, { exitCode: 2 });
  }
}

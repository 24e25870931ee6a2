import { once } from 'node:events';
import type { ImportedEvent } from '../../importers/events.js';
import type { Problem, ProblemFile, Problems } from '../../importers/problems.js';
import type { Sent } from '../../importers/send.js';
import type { Tally } from '../../importers/tally.js';
import { spanFlags, spanText } from '../span.js';
import { oneLine } from '../table.js';
import { plural } from '../../format/numbers.js';

interface Found {
  files: number;
  totals: ReturnType<Tally['totals']>;
  /** when the first and the last run started */
  span: Tally['span'];
  /** null for a dry run */
  sent: Sent | null;
  problems: Problems;
  /** the flags that select the service, for the suggested command */
  target: { org?: string; url?: string };
}

const MOST_SHOWN = 20;
const number = new Intl.NumberFormat('en-US');

/** What an import found and sent, for people or as JSON. */
export function importReport({ files, totals, span, sent, problems, target }: Found, json: boolean): string {
  const unreadable = { count: problems.count, named: problems.named };
  const dates = span && { from: new Date(span.firstMs).toISOString(), to: new Date(span.lastMs).toISOString() };
  if (json) {
    const sums = { files, ...totals, runsStarted: dates };
    return `${JSON.stringify({ ...sums, ...(sent ?? { dryRun: true }), unreadable })}\n`;
  }
  const width = totals.models.reduce((most, { model }) => Math.max(most, model.length), 5);
  const column = (value: number | string, size: number) =>
    (typeof value === 'number' ? number.format(value) : value).padStart(size);
  const lines = [
    `${plural(files, 'file')}, ${plural(totals.sessions, 'session')}, ${plural(totals.runs, 'run')}, ${plural(totals.calls, 'call')}`,
    ...(span ? [`runs ${spanText(span)}`] : []),
    ...(totals.models.length > 0
      ? ['', `${'model'.padEnd(width)}${column('calls', 10)}${column('tokens in', 18)}${column('tokens out', 15)}`]
      : []),
    ...totals.models.map(
      ({ model, calls, inputTokens, outputTokens }) =>
        `${model.padEnd(width)}${column(calls, 10)}${column(inputTokens, 18)}${column(outputTokens, 15)}`,
    ),
    '',
    sent
      ? `${plural(sent.accepted, 'new event')}, ${number.format(sent.duplicates)} known already, ${number.format(sent.rejected)} rejected`
      : `${plural(totals.events, 'event')}, nothing sent`,
    ...(sent?.reasons ?? [])
      .slice(0, MOST_SHOWN)
      .map(({ type, path, message }) => `  rejected ${type}: ${path} ${message}`),
    ...(problems.count > 0 ? [`${unreadLine(problems)}:`] : []),
    ...problemLines(problems),
    ...(sent && span ? ['', 'Ask about them:', `  ${question(span, target)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** `3 lines and 1 file could not be read`: also files of which nothing was used. */
export function unreadLine({ lines, count }: Problems): string {
  const parts = [lines > 0 ? plural(lines, 'line') : '', count > lines ? plural(count - lines, 'file') : ''];
  return `${parts.filter((part) => part !== '').join(' and ')} could not be read`;
}

/** A line per problem; a file with many problems has a single line. */
export function problemLines({ files, count }: Pick<Problems, 'files' | 'count'>): string[] {
  const shown: string[] = [];
  let listed = 0;
  for (const file of files) {
    const lines = linesOf(file);
    if (shown.length + lines.length > MOST_SHOWN) break;
    for (const line of lines) shown.push(line);
    listed += file.count;
  }
  return listed < count ? [...shown, `  … and ${number.format(count - listed)} more`] : shown;
}

function linesOf({ file, count, first }: ProblemFile): string[] {
  const [{ line, reason }] = first as [Problem];
  if (count > first.length) return [oneLine(`  ${file}: ${plural(count, 'line')}, the first is ${line}: ${reason}`)];
  return first.map((problem) => `  ${problemLine(problem)}`);
}

export function problemLine({ file, line, reason }: Problem): string {
  return oneLine(`${file}${line > 0 ? `:${line}` : ''} ${reason}`);
}

/** A command to copy, with the dates found: `--last 30d` would not show old transcripts. */
function question(span: NonNullable<Tally['span']>, { org, url }: Found['target']): string {
  const where = url === undefined ? (org === undefined ? '' : ` --org ${org}`) : ` --url ${url} --token $TOKEN`;
  return `npx runboard query runs run_success_rate total_cost ${spanFlags(span)}${where}`;
}

const QUIET_MS = 2000;
const REDRAW_MS = 200;
const BAR_CELLS = 24;

/** A progress bar on a terminal, shown after three seconds. */
export function progressLine(stderr: NodeJS.WriteStream, clock: () => number) {
  const startedMs = clock();
  let drawnMs = startedMs + QUIET_MS - REDRAW_MS;
  let drawn = false;
  return {
    show({ files, filesRead, bytesRead }: { files: number; filesRead: number; bytesRead: number }): void {
      if (!stderr.isTTY || clock() - drawnMs < REDRAW_MS) return;
      drawnMs = clock();
      drawn = true;
      const cells = files > 0 ? Math.floor((BAR_CELLS * filesRead) / files) : 0;
      const bar = '█'.repeat(cells) + '░'.repeat(BAR_CELLS - cells);
      stderr.write(
        `\r${bar} ${number.format(filesRead)} of ${plural(files, 'file')}, ${number.format(Math.round(bytesRead / 1e6))} MB\u001b[K`,
      );
    },
    clear(): void {
      if (drawn) stderr.write('\r\u001b[K');
      drawn = false;
    },
  };
}

/** Prints events, one per line, with backpressure. */
export async function printEvents(stdout: NodeJS.WriteStream, events: readonly ImportedEvent[]): Promise<void> {
  for (const event of events) if (!stdout.write(`${JSON.stringify(event)}\n`)) await once(stdout, 'drain');
}

/** Prints that the service was busy or unavailable. */
export function retryLine(stderr: NodeJS.WriteStream): (reason: string, waitMs: number) => void {
  return (reason, ms) => stderr.write(`${reason}; trying again in ${ms / 1000} s\n`);
}

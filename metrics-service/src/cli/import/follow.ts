import { setTimeout as delay } from 'node:timers/promises';
import type { ImportOptions } from '../../importers/import-options.js';
import type { Problems } from '../../importers/problems.js';
import { Sender, type Sent } from '../../importers/send.js';
import { waitForSignal } from '../signals.js';
import type { Format } from './formats.js';
import { printEvents, problemLine, retryLine, unreadLine } from './report.js';
import type { ImportFlags, ImportSurroundings } from './surroundings.js';
import { plural } from '../../format/numbers.js';

type Service = Awaited<ReturnType<ImportSurroundings['reach']>>;
const number = new Intl.NumberFormat('en-US');

/** Reads and sends until it is stopped; waits while the service is unavailable. */
export async function followImport(
  format: Format,
  options: ImportOptions,
  flags: ImportFlags,
  surroundings: ImportSurroundings & { service: Service | null },
): Promise<void> {
  const { clock, stdout, stderr, reach } = surroundings;
  let { service } = surroundings;
  const watch = surroundings.stop ? null : waitForSignal(surroundings);
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  surroundings.stop?.addEventListener('abort', abort);
  void watch?.arrival.then(abort);
  const renew = async (): Promise<Service> => (service = await reach(flags));
  const sender =
    service &&
    new Sender({
      ...service,
      attempts: Infinity,
      signal: stop.signal,
      onRetry: retryLine(stderr),
      ...(flags.token === undefined && { renew }),
    });
  const sleep = (ms: number) => delay(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  const tellProblems = problemTeller(options.problems, stderr);
  const progress = sentLines(clock, stdout, flags.json === true);
  stderr.write(`Following ${options.paths.join(', ')} (Ctrl-C ends it)\n`);
  try {
    for await (const some of format.follow(options, {
      clock,
      problems: options.problems,
      signal: stop.signal,
      sleep,
    })) {
      if (some && sender) await sender.add(some);
      else if (some) await printEvents(stdout, some);
      else {
        if (sender) progress(await sender.end());
        tellProblems();
      }
    }
    if (sender && sender.sent.rejected > 0) process.exitCode = 1;
    for (const { type, path, message } of sender?.sent.reasons ?? [])
      stderr.write(`rejected ${type}: ${path} ${message}\n`);
    tellProblems();
    if (options.problems.count > 0) stderr.write(`${unreadLine(options.problems)}\n`);
  } finally {
    await service?.done?.();
  }
}

/** Of one file so many problems are printed; the end says how many there were. */
const MOST_OF_A_FILE = 3;

/** Prints what could not be read, once it is known. */
function problemTeller({ named }: Problems, stderr: NodeJS.WriteStream): () => void {
  let told = 0;
  const ofFile = new Map<string, number>();
  return () => {
    for (const problem of named.slice(told)) {
      const count = (ofFile.get(problem.file) ?? 0) + 1;
      ofFile.set(problem.file, count);
      if (count <= MOST_OF_A_FILE) stderr.write(`${problemLine(problem)}\n`);
    }
    told = named.length;
  };
}

/** Prints a line whenever something was sent. */
function sentLines(clock: () => number, stdout: NodeJS.WriteStream, json: boolean): (sent: Sent) => void {
  let before = { accepted: 0, duplicates: 0, rejected: 0 };
  return ({ accepted, duplicates, rejected }) => {
    const more = {
      accepted: accepted - before.accepted,
      duplicates: duplicates - before.duplicates,
      rejected: rejected - before.rejected,
    };
    before = { accepted, duplicates, rejected };
    if (more.accepted + more.rejected === 0) return;
    const at = new Date(clock()).toISOString();
    const text = plural(more.accepted, 'new event');
    const words = more.rejected > 0 ? `${text}, ${number.format(more.rejected)} rejected` : text;
    stdout.write(json ? `${JSON.stringify({ at, ...more })}\n` : `${at}  ${words}\n`);
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import { BadUsage } from '../../failure.js';
import { printable } from '../../format/values.js';
import { waitForSignal } from '../signals.js';
import type { Surroundings } from '../surroundings.js';

/** What is watched, at one moment. */
export interface Sight {
  /** of a terminal: all of it, the most important first */
  readonly lines: readonly string[];
  /** of anything else: a line for each thing, by its id; one that is new or different is printed */
  readonly things: ReadonlyMap<string, string>;
  /** the lines for things that are there no more */
  gone(ids: readonly string[]): Promise<readonly string[]>;
}

const EVERY_MS = 1_000;
const [ENTER, LEAVE, HOME, REST] = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l', '\u001b[H', '\u001b[K'];
const [BELOW, NO_WRAP, WRAP] = ['\u001b[J', '\u001b[?7l', '\u001b[?7h'];

/**
 * Looks every second until it is stopped: on a terminal as one screen that is drawn anew, else a line for all that changes. If it
 * cannot look any more, it says so once, and tries again. @throws what the first look throws
 */
export async function watch(surroundings: Surroundings, look: () => Promise<Sight>): Promise<void> {
  const { stdout, stderr } = surroundings;
  const first = await look();
  const signals = waitForSignal({ clock: surroundings.clock, stderr: { isTTY: false } as NodeJS.WriteStream });
  const stop = new AbortController();
  void signals.arrival.then(() => stop.abort());
  const isScreen = Boolean(stdout.isTTY);
  const show: (sight: Sight) => void | Promise<void> = isScreen ? screen(stdout) : changes(stdout);
  if (isScreen) stdout.write(ENTER);
  try {
    await show(first);
    let isBlind = false;
    while (!stop.signal.aborted) {
      await delay(EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) break;
      try {
        await show(await look());
        isBlind = false;
      } catch (error) {
        if (error instanceof BadUsage) throw error;
        if (!isBlind && !isScreen) stderr.write(`${printable((error as Error).message)}: trying again\n`);
        isBlind = true;
      }
    }
  } finally {
    if (isScreen) stdout.write(LEAVE);
    signals.ignore();
  }
}

/** Draws over what was there, without a flicker; what does not fit is left out. */
function screen(stdout: NodeJS.WriteStream): (sight: Sight) => void {
  return ({ lines }) => {
    const rows = stdout.rows || 24;
    const shown = lines.length <= rows ? lines : [...lines.slice(0, rows - 1), `… ${lines.length - rows + 1} more`];
    stdout.write(`${NO_WRAP}${HOME}${shown.map((line) => `${line}${REST}`).join('\r\n')}${BELOW}${WRAP}`);
  };
}

function changes(stdout: NodeJS.WriteStream): (sight: Sight) => Promise<void> {
  let known: ReadonlyMap<string, string> = new Map();
  return async ({ things, gone }) => {
    for (const [id, line] of things) if (known.get(id) !== line) stdout.write(`${line}\n`);
    const missing = [...known.keys()].filter((id) => !things.has(id));
    if (missing.length > 0) for (const line of await gone(missing)) stdout.write(`${line}\n`);
    known = things;
  };
}

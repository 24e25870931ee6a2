import type { Surroundings } from './surroundings.js';

const QUIET_MS = 2_000;
const REDRAW_MS = 200;
const CELLS = 24;
const number = new Intl.NumberFormat('en-US');

/** A progress bar on a terminal's stderr, from the third second on. */
export function progressBar({ stderr, clock }: Surroundings, noun: string) {
  let drawnMs = clock() + QUIET_MS - REDRAW_MS;
  let isDrawn = false;
  return {
    show(done: number, total: number): void {
      if (!stderr.isTTY || clock() - drawnMs < REDRAW_MS) return;
      drawnMs = clock();
      isDrawn = true;
      const cells = total > 0 ? Math.floor((CELLS * Math.min(done, total)) / total) : 0;
      const bar = '█'.repeat(cells) + '░'.repeat(CELLS - cells);
      stderr.write(`\r${bar} ${number.format(done)} of ${number.format(total)} ${noun}\u001b[K`);
    },
    clear(): void {
      if (isDrawn) stderr.write('\r\u001b[K');
      isDrawn = false;
    },
  };
}

import type { Surroundings } from './surroundings.js';

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
/** npm forwards the signal that the terminal has sent as well, so one Ctrl-C arrives twice in quick succession. */
const SAME_PRESS_MS = 700;

export interface SignalWatch {
  /** resolves at the first signal */
  arrival: Promise<void>;
  received(): boolean;
  ignore(): void;
}

/** Waits for a signal to stop; a second one ends the process at once. */
export function waitForSignal({ clock, stderr }: Pick<Surroundings, 'clock' | 'stderr'>): SignalWatch {
  let arrive: () => void;
  const arrival = new Promise<void>((resolve) => (arrive = resolve));
  let firstMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstMs === undefined) {
      firstMs = clock();
      if (stderr.isTTY) stderr.write('\nStopping … (Ctrl-C again to stop at once)\n');
      arrive();
    } else if (clock() - firstMs > SAME_PRESS_MS) {
      process.exit(128 + SIGNALS[signal as keyof typeof SIGNALS]);
    }
  };
  for (const name of Object.keys(SIGNALS)) process.on(name, onSignal);
  return {
    arrival,
    received: () => firstMs !== undefined,
    ignore() {
      for (const name of Object.keys(SIGNALS)) process.off(name, onSignal);
    },
  };
}

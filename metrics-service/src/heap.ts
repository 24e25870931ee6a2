import { setFlagsFromString } from 'node:v8';

/** In percent of what was in use after the last full collection. */
const GROWS_BY = 100;

/**
 * On a machine with much memory V8 lets the heap grow to several times of what is in use before it collects: answers to
 * many different questions then hold 300 MB and more, of which 50 are in use. To be called once, when a service starts.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWS_BY}`);
}

/**
 * Options of Node.js for a process that serves (package.json and the image say the same): what a batch of events makes
 * lives longer than 16 MB of new objects, V8's default, and copying it again and again took a fifth of ingest's CPU time.
 */
export const SERVICE_OPTIONS = ['--max-semi-space-size=32'];

import { setFlagsFromString } from 'node:v8';

let running = 0;

/**
 * By itself V8 lets several times what is in use become garbage before it collects it: while 500,000 rows are streamed,
 * that is 100 MB more. While `work` runs, it lets it be half as much again.
 */
export async function withSmallHeap<T>(work: () => Promise<T>): Promise<T> {
  running += 1;
  setFlagsFromString('--heap-growing-percent=50');
  try {
    return await work();
  } finally {
    running -= 1;
    // 0: as V8 thinks best
    if (running === 0) setFlagsFromString('--heap-growing-percent=0');
  }
}

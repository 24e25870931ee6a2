import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until that is so; the test's time limit says when it never is. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

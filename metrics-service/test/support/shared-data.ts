import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';

/** Public transcripts and rollouts beside the checkout, with figures that another program computed. */
export const SHARED_DATA = join(import.meta.dirname, '../../../../shared/data');

const IS_THERE = existsSync(SHARED_DATA);

/** Tests of that data; in checkouts without it they are skipped, and say so. */
export function describeWithData(name: string, tests: () => void): void {
  (IS_THERE ? describe : describe.skip)(
    IS_THERE ? name : `(../shared/data does not lie beside this checkout) ${name}`,
    tests,
  );
}

import { createInterface } from 'node:readline/promises';
import { printable } from '../presentation/values.js';
import { Failure } from '../failure.js';
import type { Surroundings } from './surroundings.js';

/** Asks yes or no. @throws Failure if the answer is not yes, or nobody is there to ask */
export async function confirm({ stdin, stderr }: Surroundings, question: string): Promise<void> {
  if (!stdin?.isTTY) throw new Failure('nobody is there to ask: --yes says that it is meant');
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const typed = await lines.question(printable(`${question} [y/N] `));
    if (!/^y(es)?$/i.test(typed.trim())) throw new Failure('nothing was changed');
  } finally {
    lines.close();
  }
}

/**
 * Has a person type `expected` before what cannot be undone. @throws Failure if they type anything else, or nobody is
 * there to ask
 */
export async function confirmByTyping(
  { stdin, stderr }: Surroundings,
  { what, expected }: { what: string; expected: string },
): Promise<void> {
  if (!stdin?.isTTY) throw new Failure(`${what} cannot be undone: --yes says that it is meant`);
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const typed = await lines.question(printable(`${what} cannot be undone. Type ${expected} to go on: `));
    if (typed.trim() !== expected) throw new Failure('that is something else: nothing was changed');
  } finally {
    lines.close();
  }
}

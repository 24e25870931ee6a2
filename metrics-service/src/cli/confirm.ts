import { createInterface, type Interface } from 'node:readline/promises';
import { printable } from '../format/values.js';
import { Failure } from '../failure.js';
import type { Surroundings } from './surroundings.js';

/** Asks yes or no. @throws Failure if the answer is not yes, or there is no terminal */
export async function confirm({ stdin, stderr }: Surroundings, question: string): Promise<void> {
  if (!stdin?.isTTY) throw new Failure('this needs confirmation, and there is no terminal to ask on: add --yes');
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const typed = await answer(lines, `${question} [y/N] `);
    if (!/^y(es)?$/i.test(typed.trim())) throw new Failure('nothing was changed');
  } finally {
    lines.close();
  }
}

/**
 * Asks to type `expected` before an action that cannot be undone. @throws Failure for any other answer, or without a
 * terminal
 */
export async function confirmByTyping(
  { stdin, stderr }: Surroundings,
  { what, expected }: { what: string; expected: string },
): Promise<void> {
  if (!stdin?.isTTY)
    throw new Failure(`${what} cannot be undone, and there is no terminal to ask on: add --yes to confirm`);
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const typed = await answer(lines, `${what} cannot be undone. Type ${expected} to confirm: `);
    if (typed.trim() !== expected) throw new Failure('the texts do not match: nothing was changed');
  } finally {
    lines.close();
  }
}

/** What is typed; Ctrl-C and Ctrl-D are no. */
async function answer(lines: Interface, question: string): Promise<string> {
  try {
    return await lines.question(printable(question));
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw new Failure('nothing was changed');
    throw error;
  }
}

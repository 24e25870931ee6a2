import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type z } from 'zod';
import { Failure } from '../../failure.js';

type Json = Record<string, unknown>;

/** Its copy from before the first change. */
export const copyOf = (path: string): string => `${path}.before-runboard`;

/** What stands in a file; null if there is none. @throws Failure */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Failure(`${path} cannot be read (${(error as Error).message})`);
  }
}

/** The settings that a text is. @throws Failure it is no JSON, or not of that shape; `or`: what can be done besides */
export function settingsOf(text: string, path: string, shape: z.ZodType, or: string): Json {
  if (text.trim() === '') return {};
  const failed = (what: string) => new Failure(`${path} ${what}, and was left as it is: put it right first, or ${or}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw failed(`is not a JSON object (${(error as Error).message})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw failed('is not a JSON object');
  const [issue] = shape.safeParse(value).error?.issues ?? [];
  if (issue) throw failed(`has a member ${issue.path.join('.')} of another kind than its tool takes`);
  return value as Json;
}

/** Writes a file, whole or not at all, readable as before; the first time a copy is kept, empty of a file that is not there. @throws Failure */
export async function writeText(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const found = await stat(path).catch(() => null);
    // it has a token in it
    await writeFile(temporary, text, { mode: 0o600 });
    if (found) await chmod(temporary, found.mode & 0o777);
    const isCopied = (await stat(copyOf(path)).catch(() => null)) !== null;
    if (!isCopied && found) await copyFile(path, copyOf(path));
    else if (!isCopied) await writeFile(copyOf(path), '', { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new Failure(
      `${path} cannot be written (${why}): let this account write there, name another file with --settings, or merge what is printed without --write`,
    );
  }
}

/** Writes what an undo made, or removes a file of which nothing is left, and forgets the copy. */
export async function finishUndo(path: string, text: string): Promise<void> {
  if (text.trim() === '') await rm(path, { force: true });
  else await writeText(path, text);
  await rm(copyOf(path), { force: true });
}

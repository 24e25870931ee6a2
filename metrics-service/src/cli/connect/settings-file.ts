import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
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

/** The settings in a file; null if there is none. @throws Failure it is not an object in JSON */
export async function readSettings(path: string): Promise<Json | null> {
  const text = await readText(path);
  if (text === null) return null;
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // below
  }
  throw new Failure(
    `${path} is not a JSON object, and was left as it is: put it right first, or merge what is printed without --write`,
  );
}

/** Writes settings in place of a file, as `writeText`. */
export async function writeSettings(path: string, settings: Json): Promise<void> {
  await writeText(path, `${JSON.stringify(settings, null, 2)}\n`, '{}\n');
}

/** Writes a file, whole or not at all, readable as before; the first time a copy is kept (`none`: of a file that is not there). */
export async function writeText(path: string, text: string, none = ''): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const found = await stat(path).catch(() => null);
  const isCopied = (await stat(copyOf(path)).catch(() => null)) !== null;
  if (!isCopied && found) await copyFile(path, copyOf(path));
  else if (!isCopied) await writeFile(copyOf(path), none, { mode: 0o600 });
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  // it has a token in it
  await writeFile(temporary, text, { mode: 0o600 });
  if (found) await chmod(temporary, found.mode & 0o777);
  await rename(temporary, path);
}

/** Puts the settings back that an undo made, and forgets the copy. */
export async function finishUndo(path: string, settings: Json): Promise<void> {
  const wasThere = Object.keys((await readSettings(copyOf(path))) ?? {}).length > 0;
  if (!wasThere && Object.keys(settings).length === 0) await rm(path, { force: true });
  else await writeSettings(path, settings);
  await rm(copyOf(path), { force: true });
}

/** The same of a file of text. */
export async function finishUndoText(path: string, text: string): Promise<void> {
  const wasThere = (await readText(copyOf(path))) !== '';
  if (!wasThere && text.trim() === '') await rm(path, { force: true });
  else await writeText(path, text);
  await rm(copyOf(path), { force: true });
}

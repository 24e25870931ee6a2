import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Failure } from '../failure.js';

const compressed = promisify(gzip);

/** A compressed file that lines are added to. */
export interface Archive {
  /** Resolves when they are on disk. */
  add(lines: string): Promise<void>;
  close(): Promise<void>;
}

/** Makes the file, readable by its owner alone. Each part is a gzip of its own: one behind the other, they are one. @throws Failure */
export async function makeArchive(path: string): Promise<Archive> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'the file exists already: choose another name' : error.message;
    throw new Failure(`cannot create the archive ${path}: ${why}`, { cause: error });
  });
  return {
    async add(lines) {
      await file.appendFile(await compressed(lines));
      await file.sync();
    },
    close: () => file.close(),
  };
}

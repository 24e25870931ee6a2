import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Failure } from '../failure.js';

const compressed = promisify(gzip);

/** A compressed file that lines are appended to. */
export interface Archive {
  /** Appends them; resolves when they are on disk. */
  add(lines: string): Promise<void>;
  close(): Promise<void>;
}

/** Creates the file, readable by its owner only. Each part is a gzip stream; concatenated they are a valid file. @throws Failure */
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

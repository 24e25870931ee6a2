import { fileURLToPath } from 'node:url';
import { boards } from './boards/index.js';

/** A board's file, and what must stand in it. */
export interface BoardFile {
  readonly path: string;
  readonly content: string;
}

const FOLDER = new URL('../', import.meta.url);

/** The boards' files, as `npm run generate` writes them. */
export function boardFiles(): BoardFile[] {
  return boards().map((board) => ({
    path: fileURLToPath(new URL(`${board.uid}.json`, FOLDER)),
    content: `${JSON.stringify(board, null, 2)}\n`,
  }));
}

import { EARLIEST_TIME_MS } from '../contract/values.js';
import { type ImportedEvent, makeEvent } from './events.js';
import type { Problems } from './problems.js';

/** How events are made; `repoOf` finds the repository of a recorded folder, or of the address that a transcript names. */
export interface EventOptions {
  userId: string | null;
  repoOf: (folder: string | null, address?: string | null) => string | null;
  withText: boolean;
}

export interface ReadOptions extends EventOptions {
  /** leaves out runs that started before, and what belongs to them */
  sinceMs?: number | undefined;
  clock: () => number;
  problems: Problems;
}

export interface ImportOptions extends ReadOptions {
  paths: readonly string[];
  /** told before each file, and how far it has been read */
  onProgress?: (progress: { files: number; filesRead: number; bytesRead: number }) => void;
}

/** One file's bytes to events; it may grow. */
export interface FileReader {
  push(chunk: Buffer): ImportedEvent[];
  /** what is known if the file ends here; it may go on */
  peek(): ImportedEvent[];
  end(): ImportedEvent[];
}

/** The files of one kind of agent, for those who follow them. */
export interface TranscriptSource<Reader extends FileReader = FileReader> {
  /** what is known before any file is read */
  opening: ImportedEvent[];
  /** paths, in the order to read them. @throws Error where a path does not exist, unless `lenient` */
  find(lenient: boolean): Promise<string[]>;
  open(path: string): Reader;
  /** what the files say together that are being read */
  together?(readers: Iterable<Reader>): ImportedEvent[];
}

/** The user whose transcripts these are; dated so early that anything else said of them wins. */
export function userUpserted(source: string, userId: string | null): ImportedEvent[] {
  if (userId === null || !/^[^\s@]+@[^\s@]+$/.test(userId)) return [];
  return [makeEvent(source, 'user.upserted', EARLIEST_TIME_MS, { userId, email: userId })];
}

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
  /** whether paths may come later, for `--follow` */
  mayBeMissing?: boolean;
  /** called before each file, and as it is read */
  onProgress?: (progress: { files: number; filesRead: number; bytesRead: number }) => void;
}

/** Turns one file's bytes into events; the file may grow. */
export interface FileReader {
  push(chunk: Buffer): ImportedEvent[];
  /** the events if the file ends here; it may still grow */
  peek(): ImportedEvent[];
  end(): ImportedEvent[];
  /** whether the last line, which has no end, is no whole record, so that only `end` reads it */
  unfinished(): boolean;
  /** why nothing of the file was used so far; null: something was */
  unused(): string | null;
}

/** The transcripts of one kind of agent, for `--follow`. */
export interface TranscriptSource<Reader extends FileReader = FileReader> {
  /** the events to send before any file is read */
  opening: ImportedEvent[];
  /** paths, in the order to read them. @throws Error if a path does not exist, unless `lenient` */
  find(lenient: boolean): Promise<string[]>;
  open(path: string): Reader;
  /** events that depend on several of the open files */
  together?(readers: Iterable<Reader>): ImportedEvent[];
}

/** The user whose transcripts these are, dated so early that any other event about them wins. */
export function userUpserted(source: string, userId: string | null): ImportedEvent[] {
  if (userId === null || !/^[^\s@]+@[^\s@]+$/.test(userId)) return [];
  return [makeEvent(source, 'user.upserted', EARLIEST_TIME_MS, { userId, email: userId })];
}

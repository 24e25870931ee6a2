import { EARLIEST_TIME_MS } from '../contract/values.js';
import { type ImportedEvent, makeEvent } from './events.js';
import type { Problems } from './problems.js';

/** How events are made; `repoOf` finds the repository of a recorded folder. */
export interface EventOptions {
  userId: string | null;
  repoOf: (folder: string | null) => string | null;
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

/** The user whose transcripts these are; dated so early that anything else said of them wins. */
export function userUpserted(source: string, userId: string): ImportedEvent | null {
  if (!/^[^\s@]+@[^\s@]+$/.test(userId)) return null;
  return makeEvent(source, 'user.upserted', EARLIEST_TIME_MS, { userId, email: userId });
}

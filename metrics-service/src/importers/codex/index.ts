import { basename } from 'node:path';
import type { ImportedEvent } from '../events.js';
import { chunksOf, findJsonl, headOf } from '../files.js';
import {
  type FileReader,
  type ImportOptions,
  type ReadOptions,
  type TranscriptSource,
  userUpserted,
} from '../import-options.js';
import type { JsonObject } from '../json-lines.js';
import { idOf } from '../names.js';
import { Problems } from '../problems.js';
import { RecordReader } from '../record-reader.js';
import { RecordTypes } from '../record-types.js';
import { Since } from '../since.js';
import { Owners } from './owners.js';
import { looksLikeRecord, readRecord } from './record.js';
import { Rollout } from './rollout.js';
import { SOURCE } from './to-events.js';

export { SOURCE };

const HEAD_BYTES = 4096;

/**
 * Reads Codex's rollouts (transcripts.md) and yields their events in batches while reading.
 * @throws Error if a path does not exist; unreadable parts of a file are added to `problems`
 */
export async function* importCodex(options: ImportOptions): AsyncGenerator<ImportedEvent[]> {
  yield userUpserted(SOURCE, options.userId);
  const files = await findRollouts(options);
  const shared = { owners: new Owners(), since: new Since(options.sinceMs) };
  let bytesRead = 0;
  for (const [index, path] of files.entries()) {
    const rollout = rolloutOf(path, options, shared);
    for await (const chunk of chunksOf(path, options.problems)) {
      yield rollout.push(chunk);
      bytesRead += chunk.length;
      options.onProgress?.({ files: files.length, filesRead: index, bytesRead });
    }
    yield rollout.end();
    const unused = rollout.unused();
    if (unused !== null && !options.problems.has(path)) options.problems.addUnused(path, unused);
  }
  options.onProgress?.({ files: files.length, filesRead: files.length, bytesRead });
}

/** For `--follow`. */
export function codexSource(options: ImportOptions): TranscriptSource {
  const shared = { owners: new Owners(), since: new Since(options.sinceMs) };
  return {
    opening: userUpserted(SOURCE, options.userId),
    find: (lenient) =>
      findRollouts(
        { paths: options.paths, problems: lenient ? new Problems() : options.problems },
        lenient || options.mayBeMissing,
      ),
    open: (path) => rolloutOf(path, options, shared),
  };
}

/** The rollouts under the paths, the older ones first, so that a parent is read before its forks. */
async function findRollouts(
  { paths, problems }: Pick<ImportOptions, 'paths' | 'problems'>,
  lenient = false,
): Promise<string[]> {
  const files: { path: string; key: string }[] = [];
  for (const path of await findJsonl(paths, problems, lenient)) files.push({ path, key: await ageOf(path) });
  return files.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ path }) => path);
}

/** A sort key by age: a rollout's name starts with its time; under another name its first record has it. */
async function ageOf(path: string): Promise<string> {
  const name = basename(path);
  if (/^rollout-\d{4}-/.test(name)) return name;
  const head = await headOf(path, HEAD_BYTES);
  return `rollout-${/"timestamp"\s*:\s*"([^"]+)"/.exec(head)?.[1] ?? ''} ${name}`;
}

/** Turns one file's bytes into events. */
export function rolloutOf(
  path: string,
  options: ReadOptions,
  shared = { owners: new Owners(), since: new Since(options.sinceMs) },
): FileReader {
  const reader = new RecordReader(path, options.problems, looksLikeRecord);
  const types = new RecordTypes();
  const sessionId = idOf(sessionOf(path)) ?? 'rollout';
  const rollout = new Rollout({ ...options, ...shared, sessionId, onProblem: reader.problem });

  function read(objects: Iterable<JsonObject>): ImportedEvent[] {
    const events: ImportedEvent[] = [];
    for (const object of objects) {
      types.add(object.type);
      for (const event of rollout.add(readRecord(object))) events.push(event);
    }
    return events;
  }

  return {
    push: (chunk: Buffer): ImportedEvent[] => read(reader.push(chunk)),
    peek: (): ImportedEvent[] => [...read(reader.whole()), ...rollout.end(options.clock(), false)],
    end: (): ImportedEvent[] => [...read(reader.end()), ...rollout.end(options.clock(), true)],
    unfinished: reader.unfinished,
    unused: () => (rollout.used ? null : types.reason('Codex')),
  };
}

/** The session id in a file's name: `rollout-2026-02-23T12-41-04-<uuid>.jsonl`. */
function sessionOf(path: string): string {
  const name = basename(path).replace(/\.jsonl(?:\.zst)?$/, '');
  return /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.exec(name)?.[0] ?? name;
}

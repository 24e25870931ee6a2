import type { ImportedEvent } from '../events.js';
import { chunksOf, findJsonl } from '../files.js';
import {
  type FileReader,
  type ImportOptions,
  type ReadOptions,
  type TranscriptSource,
  userUpserted,
} from '../import-options.js';
import type { JsonObject } from '../json-lines.js';
import { Problems } from '../problems.js';
import { RecordReader } from '../record-reader.js';
import { RecordTypes } from '../record-types.js';
import { subagentFolder, describeFile, findTranscripts, hasMainBeside, type TranscriptFile } from './files.js';
import { Orphans } from './orphans.js';
import { PromptIds } from './prompt-ids.js';
import { looksLikeRecord, readRecord } from './record.js';
import { Since } from '../since.js';
import { SOURCE } from './to-events.js';
import { Transcript } from './transcript.js';

export { SOURCE };

/**
 * Reads Claude Code's transcripts (transcripts.md) and yields their events in batches while reading.
 * @throws Error if a path does not exist; unreadable parts of a file are added to `problems`
 */
export async function* importClaudeCode(options: ImportOptions): AsyncGenerator<ImportedEvent[]> {
  yield userUpserted(SOURCE, options.userId);
  const files = await findTranscripts(options.paths, options.problems);
  const orphans = new Orphans();
  const shared = { since: new Since(options.sinceMs), promptIds: new PromptIds() };
  let bytesRead = 0;
  for (const [index, file] of files.entries()) {
    const transcript = transcriptOf(file, options, shared);
    for await (const chunk of chunksOf(file.path, options.problems)) {
      yield transcript.push(chunk);
      bytesRead += chunk.length;
      options.onProgress?.({ files: files.length, filesRead: index, bytesRead });
    }
    yield transcript.end();
    const unused = transcript.unused();
    if (unused !== null && !options.problems.has(file.path)) options.problems.addUnused(file.path, unused);
    const orphan = transcript.orphanRun();
    if (orphan) orphans.add(orphan);
    // the subagents of one session are in one folder, or in folders below it
    const next = files[index + 1];
    if (!next || subagentFolder(next.path) !== subagentFolder(file.path)) yield orphans.take(options, options.clock());
  }
  options.onProgress?.({ files: files.length, filesRead: files.length, bytesRead });
}

/** For `--follow`. */
export function claudeCodeSource(options: ImportOptions): TranscriptSource<TranscriptReader> {
  const shared = { since: new Since(options.sinceMs), promptIds: new PromptIds() };
  return {
    opening: userUpserted(SOURCE, options.userId),
    find: (lenient) =>
      findJsonl(options.paths, lenient ? new Problems() : options.problems, lenient || options.mayBeMissing),
    open: (path) => transcriptOf(describeFile(path), options, shared),
    together(readers) {
      const orphans = new Orphans();
      for (const reader of readers) {
        const orphan = reader.orphanRun();
        if (orphan) orphans.add(orphan);
      }
      return orphans.take(options, options.clock());
    },
  };
}

interface TranscriptReader extends FileReader {
  orphanRun(): Transcript['orphanRun'];
}

/** Turns one file's bytes into events. */
export function transcriptOf(
  file: TranscriptFile,
  options: ReadOptions,
  shared = { since: new Since(options.sinceMs), promptIds: new PromptIds() },
): TranscriptReader {
  const reader = new RecordReader(file.path, options.problems, looksLikeRecord);
  const types = new RecordTypes();
  let transcript: Transcript | null = null;

  function open(sessionId: string | null): Transcript {
    const isBesideMain = file.role === 'subagent' && sessionId !== null && file.sessionId.startsWith('agent-');
    const role = isBesideMain && !hasMainBeside(file.path, sessionId) ? 'orphan' : file.role;
    return new Transcript({ ...options, ...shared, role, sessionId: file.sessionId, onProblem: reader.problem });
  }

  function read(objects: Iterable<JsonObject>): ImportedEvent[] {
    const events: ImportedEvent[] = [];
    for (const object of objects) {
      const record = readRecord(object);
      types.add(object.type);
      transcript ??= open(record.sessionId);
      for (const event of transcript.add(record)) events.push(event);
    }
    return events;
  }

  return {
    push: (chunk: Buffer): ImportedEvent[] => read(reader.push(chunk)),
    peek: (): ImportedEvent[] => [...read(reader.whole()), ...(transcript?.peek(options.clock()) ?? [])],
    end: (): ImportedEvent[] => [...read(reader.end()), ...(transcript?.end(options.clock()) ?? [])],
    unfinished: reader.unfinished,
    unused: () => (transcript?.used ? null : types.reason('Claude Code')),
    orphanRun: () => transcript?.orphanRun ?? null,
  };
}

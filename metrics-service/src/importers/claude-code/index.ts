import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import type { ImportedEvent } from '../events.js';
import { parseLine } from '../json-lines.js';
import { type Line, LineSplitter, MAX_LINE_BYTES } from '../lines.js';
import type { Problems } from '../problems.js';
import { findTranscripts, hasMainBeside, type TranscriptFile } from './files.js';
import { Orphans } from './orphans.js';
import { looksLikeRecord, readRecord } from './record.js';
import { type EventOptions, userUpserted } from './to-events.js';
import { Transcript } from './transcript.js';

export { SOURCE } from './to-events.js';

export interface ImportOptions extends EventOptions {
  paths: readonly string[];
  sinceMs?: number | undefined;
  clock: () => number;
  problems: Problems;
  /** told before each file, and how far it has been read */
  onProgress?: (progress: { files: number; filesRead: number; bytesRead: number }) => void;
}

/**
 * Reads Claude Code's transcripts (transcripts.md) and yields their events, some at a time, as it reads.
 * @throws Error where a path does not exist; what cannot be read in a file goes to `problems`
 */
export async function* importClaudeCode(options: ImportOptions): AsyncGenerator<ImportedEvent[]> {
  const user = options.userId === null ? null : userUpserted(options.userId);
  if (user) yield [user];
  const files = await findTranscripts(options.paths, options.problems);
  const orphans = new Orphans();
  let bytesRead = 0;
  for (const [index, file] of files.entries()) {
    const transcript = transcriptOf(file, options);
    for await (const chunk of chunksOf(file, options.problems)) {
      yield transcript.push(chunk);
      bytesRead += chunk.length;
      options.onProgress?.({ files: files.length, filesRead: index, bytesRead });
    }
    yield transcript.end();
    const orphan = transcript.orphanRun();
    if (orphan) orphans.add(orphan);
    // the subagents of one session lie in one folder
    const next = files[index + 1];
    if (!next || dirname(next.path) !== dirname(file.path)) yield orphans.take(options, options.clock());
  }
  options.onProgress?.({ files: files.length, filesRead: files.length, bytesRead });
}

async function* chunksOf(file: TranscriptFile, problems: Problems): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file.path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
  } catch (error) {
    problems.add(file.path, 0, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** One file's bytes to events. */
export function transcriptOf(file: TranscriptFile, options: Omit<ImportOptions, 'paths' | 'onProgress'>) {
  const { problems, clock } = options;
  const splitter = new LineSplitter();
  let transcript: Transcript | null = null;
  let line = 0;
  const onProblem = (reason: string): void => problems.add(file.path, line, reason);

  function open(sessionId: string | null): Transcript {
    const besides = file.role === 'subagent' && sessionId !== null && file.sessionId.startsWith('agent-');
    const role = besides && !hasMainBeside(file.path, sessionId) ? 'orphan' : file.role;
    return new Transcript({ ...options, role, sessionId: file.sessionId, onProblem });
  }

  function read({ number, text }: Line): ImportedEvent[] {
    line = number;
    if (text === null) {
      onProblem(`is longer than ${MAX_LINE_BYTES / 1024 / 1024} MiB`);
      return [];
    }
    const { objects, fault } = parseLine(text, looksLikeRecord);
    if (fault !== null) onProblem(fault);
    return objects.flatMap((object) => {
      const record = readRecord(object);
      transcript ??= open(record.sessionId);
      return transcript.add(record);
    });
  }

  return {
    push: (chunk: Buffer): ImportedEvent[] => splitter.push(chunk).flatMap(read),
    end: (): ImportedEvent[] => [...splitter.end().flatMap(read), ...(transcript?.end(clock()) ?? [])],
    orphanRun: () => transcript?.orphanRun ?? null,
  };
}

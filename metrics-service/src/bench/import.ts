import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problems } from '../importers/problems.js';
import { importClaudeCode } from '../importers/claude-code/index.js';
import { Sender } from '../importers/send.js';
import type { BenchService } from './service.js';

export interface ImportFigures {
  megabytes: number;
  events: number;
  seconds: number;
  serviceMemoryMb: number;
  /** this process: reading, and sending */
  importerMemoryMb: number;
}

const TURNS = 50;
const START_MS = Date.UTC(2026, 5, 1);
/** Transcripts are large because of tool results. */
const TOOL_RESULT = 'a line of output of a tool that somebody ran, of some length\n'.repeat(120);

/** Writes transcripts of the wanted size into a temporary folder, imports them, and measures both processes. */
export async function benchImport(
  service: BenchService,
  megabytes: number,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<ImportFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'runboard-transcripts-'));
  try {
    const bytes = await writeTranscripts(folder, megabytes * 1024 * 1024);
    let importerMemory = 0;
    const timer = setInterval(() => (importerMemory = Math.max(importerMemory, process.memoryUsage.rss())), 50);
    const start = performance.now();
    const sender = new Sender(service);
    const events = importClaudeCode({
      paths: [folder],
      userId: 'bench@example.com',
      repoOf: () => 'bench',
      withText: false,
      clock: Date.now,
      problems: new Problems(),
      onProgress: ({ bytesRead }) => onProgress(Math.round(bytesRead / 1024 / 1024), megabytes),
    });
    for await (const some of events) await sender.add(some);
    const sent = await sender.end();
    clearInterval(timer);
    if (sent.rejected > 0) throw new Error(`${sent.rejected} events were rejected`);
    return {
      megabytes: bytes / 1024 / 1024,
      events: sent.accepted,
      seconds: (performance.now() - start) / 1_000,
      serviceMemoryMb: (await service.memoryMb()).most,
      importerMemoryMb: importerMemory / 1024 / 1024,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes one session per file until there are `bytes`; returns how many were written. */
async function writeTranscripts(folder: string, bytes: number): Promise<number> {
  let written = 0;
  for (let session = 0; written < bytes; session += 1) {
    const project = join(folder, `project-${session % 10}`);
    await mkdir(project, { recursive: true });
    const file = createWriteStream(join(project, `${uuid(session, 0)}.jsonl`));
    for (const line of sessionLines(session)) {
      written += line.length;
      if (!file.write(line)) await once(file, 'drain');
    }
    file.end();
    await once(file, 'close');
  }
  return written;
}

function* sessionLines(session: number): Generator<string> {
  let number = 0;
  let atMs = START_MS + session * 600_000;
  const line = (record: Record<string, unknown>): string => {
    const base = { uuid: uuid(session, (number += 1)), timestamp: new Date((atMs += 1_000)).toISOString() };
    return `${JSON.stringify({ ...base, sessionId: uuid(session, 0), cwd: '/src/bench', version: '2.0.0', isSidechain: false, ...record })}\n`;
  };
  for (let turn = 0; turn < TURNS; turn += 1) {
    yield line({ type: 'user', message: { role: 'user', content: `please do step ${turn}` } });
    for (let call = 0; call < 4; call += 1) {
      const id = `msg_${session}_${turn}_${call}`;
      const usage = {
        input_tokens: 12,
        output_tokens: 300 + call,
        cache_read_input_tokens: 20_000,
        cache_creation_input_tokens: 900,
      };
      const message = { id, model: 'claude-opus-4-6', role: 'assistant', usage, stop_reason: null };
      yield line({ type: 'assistant', message: { ...message, content: [{ type: 'text', text: 'a step is done' }] } });
      if (call === 3) continue;
      const tool = `toolu_${session}_${turn}_${call}`;
      yield line({
        type: 'assistant',
        message: { ...message, content: [{ type: 'tool_use', id: tool, name: 'Bash', input: {} }] },
      });
      const content = [{ type: 'tool_result', tool_use_id: tool, content: TOOL_RESULT }];
      yield line({ type: 'user', message: { role: 'user', content } });
    }
    yield line({ type: 'system', subtype: 'turn_duration' });
  }
}

function uuid(session: number, number: number): string {
  return `${session.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

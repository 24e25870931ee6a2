import { idOf, nameOf } from '../names.js';
import type { Place } from './calls.js';
import { asksPerson } from './awaits.js';
import type { FileChange } from './file-change.js';
import { blocksOf, isRejection, textBlocks, type TranscriptRecord } from './record.js';

/** A call of a tool, as far as the transcript tells it. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  readonly inputBytes: number;
  /** what the agent works in */
  readonly folder: string | null;
  result: ToolResult | null;
}

export interface ToolResult {
  readonly atMs: number;
  readonly standing: Place['standing'];
  readonly status: 'SUCCEEDED' | 'FAILED' | 'REJECTED';
  readonly rejectedBy?: 'person' | 'policy';
  readonly errorType?: string;
  readonly outputBytes: number;
  /** it waited for a person from its beginning on */
  readonly waited: boolean;
  readonly file: FileChange | null;
}

const HELD = 1000;
const DENIAL = /^(?:Permission to use .{1,200} has been denied|Claude requested permissions? to )/s;

/** Ties the results of tools to what called them. Keeps the open ones only. */
export class ToolUses {
  private readonly open = new Map<string, ToolUse>();
  private readonly told = new WeakSet<ToolUse>();

  /** Takes an agent's message; returns what is no longer kept. */
  begin({ message, raw }: TranscriptRecord, place: Place): ToolUse[] {
    const dropped: ToolUse[] = [];
    for (const block of blocksOf(message)) {
      const [id, name] = [idOf(block.id), nameOf(block.name)];
      if (block.type !== 'tool_use' || id === null || name === null || this.open.has(id)) continue;
      const folder = typeof raw.cwd === 'string' ? raw.cwd : null;
      const inputBytes = block.input === undefined ? 0 : Buffer.byteLength(JSON.stringify(block.input));
      this.open.set(id, { id, name, place, inputBytes, folder, result: null });
      const [oldest] = this.open;
      if (this.open.size > HELD && oldest) for (const use of this.take(oldest[0])) dropped.push(use);
    }
    return dropped;
  }

  /** Takes the results of tools; returns the calls that have ended with them. */
  end({ message }: TranscriptRecord, { atMs, standing }: Place, file: FileChange | null): ToolUse[] {
    const blocks = blocksOf(message).filter(({ type }) => type === 'tool_result');
    return blocks.flatMap((block) => {
      const [use] = this.take(idOf(block.tool_use_id) ?? '');
      if (!use) return [];
      const text = textBlocks(block).join('\n');
      const outcome = outcomeOf(block.is_error === true, isRejection(block), text);
      use.result = {
        ...{ atMs, standing, ...outcome },
        outputBytes: Buffer.byteLength(text),
        waited: asksPerson(use.name) || outcome.rejectedBy === 'person',
        // whose of several results the file is, nothing tells
        file: blocks.length === 1 ? file : null,
      };
      return [use];
    });
  }

  /** The open ones that were not told yet. */
  takeOpen(): ToolUse[] {
    const open = [...this.open.values()].filter((use) => !this.told.has(use));
    for (const use of open) this.told.add(use);
    return open;
  }

  private take(id: string): ToolUse[] {
    const use = this.open.get(id);
    this.open.delete(id);
    return use ? [use] : [];
  }
}

function outcomeOf(
  isError: boolean,
  isRejected: boolean,
  text: string,
): Pick<ToolResult, 'status' | 'rejectedBy' | 'errorType'> {
  if (isRejected) return { status: 'REJECTED', rejectedBy: 'person' };
  if (!isError) return { status: 'SUCCEEDED' };
  if (DENIAL.test(text)) return { status: 'REJECTED', rejectedBy: 'policy' };
  const errorType = errorTypeOf(text);
  return { status: 'FAILED', ...(errorType ? { errorType } : {}) };
}

/** The kind alone: the rest may quote a file or a command. */
function errorTypeOf(text: string): string | null {
  const said = text.replace(/^<tool_use_error>/, '');
  const name = /^(?:Error: )?([A-Z][A-Za-z]{1,60}Error)\b/.exec(said)?.[1];
  if (name) return name;
  if (/^(?:Error: )?Exit code \d+/.test(said)) return 'ShellError';
  return said === text ? null : 'tool_use_error';
}

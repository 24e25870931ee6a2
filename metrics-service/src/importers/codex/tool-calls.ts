import { isObject, type JsonObject } from '../json-lines.js';
import { idOf, nameOf } from '../names.js';
import { changesOf, type FileChange } from './patches.js';
import type { RolloutRecord } from './record.js';
import type { Turn } from './turn.js';

/** A call of a tool, as far as the rollout tells it. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly turn: Turn;
  readonly startedAtMs: number;
  readonly inputBytes: number;
  files: readonly FileChange[];
  /** the exit code of a command is told apart from its output */
  exitCode: number | null;
  end: {
    readonly atMs: number;
    readonly status: ToolStatus;
    readonly errorType?: string;
    readonly outputBytes: number;
  } | null;
}

type ToolStatus = 'SUCCEEDED' | 'FAILED' | 'REJECTED';

const HELD = 1000;
const CALLS = new Set(['function_call', 'custom_tool_call', 'local_shell_call', 'tool_search_call']);
const OUTPUTS = new Set(['function_call_output', 'custom_tool_call_output', 'tool_search_output']);
const EXIT_CODE = /(?:"exit_code":\s*|^Exit code: |^Process exited with code )(-?\d{1,10})/m;
const REJECTION = /^(?:exec command |patch )?rejected by user/i;

/** Ties the outputs of tools to what called them. Keeps the open ones only. */
export class ToolCalls {
  private readonly open = new Map<string, ToolCall>();
  private readonly told = new WeakSet<ToolCall>();

  /** Takes a record of a turn; returns the call that has ended with it, or is no longer kept. */
  add({ type, kind, payload }: RolloutRecord, turn: Turn, atMs: number): ToolCall | null {
    const id = idOf(payload.call_id);
    if (id === null) return null;
    if (type === 'response_item' && CALLS.has(kind)) return this.begin(id, kind, payload, { turn, atMs });
    const call = this.open.get(id);
    if (!call) return null;
    if (kind === 'patch_apply_end') call.files = changesOf(payload);
    else if (kind === 'exec_command_end' && typeof payload.exit_code === 'number') call.exitCode = payload.exit_code;
    else if (type === 'response_item' && OUTPUTS.has(kind)) {
      this.open.delete(id);
      call.end = { atMs, ...outcomeOf(payload.output, call.exitCode) };
      return call;
    }
    return null;
  }

  /** The open ones that were not told yet. */
  takeOpen(): ToolCall[] {
    const open = [...this.open.values()].filter((call) => !this.told.has(call));
    for (const call of open) this.told.add(call);
    return open;
  }

  private begin(id: string, kind: string, payload: JsonObject, at: { turn: Turn; atMs: number }): ToolCall | null {
    if (this.open.has(id)) return null;
    const name = nameOf(payload.name) ?? kind.replace(/_call$/, '');
    const input = payload.arguments ?? payload.input ?? payload.action ?? '';
    const inputBytes = Buffer.byteLength(typeof input === 'string' ? input : JSON.stringify(input));
    this.open.set(id, {
      ...{ id, name, turn: at.turn, startedAtMs: at.atMs, inputBytes },
      ...{ files: [], exitCode: null, end: null },
    });
    const [oldest] = this.open.values();
    if (this.open.size <= HELD || !oldest) return null;
    this.open.delete(oldest.id);
    return oldest;
  }
}

function outcomeOf(output: unknown, exitCode: number | null): Omit<NonNullable<ToolCall['end']>, 'atMs'> {
  const text = textOf(output);
  const outputBytes = Buffer.byteLength(text);
  if (REJECTION.test(text)) return { status: 'REJECTED', outputBytes };
  // a command's own output may say the same: it stands neither at the beginning nor at the end
  const said = EXIT_CODE.exec(text.length > 600 ? `${text.slice(0, 300)}\n${text.slice(-300)}` : text)?.[1];
  const code = exitCode ?? (said === undefined ? 0 : Number(said));
  if (code !== 0) return { status: 'FAILED', errorType: 'ShellError', outputBytes };
  const failed = isObject(output) && output.success === false;
  return { status: failed ? 'FAILED' : 'SUCCEEDED', outputBytes };
}

/** Of the forms that versions write: a text, an object with one, or a list of such. */
function textOf(output: unknown): string {
  if (typeof output === 'string') return output;
  if (Array.isArray(output)) return output.map(textOf).join('\n');
  if (!isObject(output)) return '';
  return textOf(output.content ?? output.text ?? '');
}

import { Artifacts } from './artifacts.js';
import { type ApiError, readApiError } from './api-error.js';
import { Awaits } from './awaits.js';
import { blocksOf, type TranscriptRecord } from './record.js';
import type { Standing } from './standing.js';

const MESSAGE_DONE_MS = 5 * 60_000;
const TRANSCRIPT_OVER_MS = 24 * 3_600_000;
const MESSAGES_REMEMBERED = 64;

export interface Verdict {
  status: 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  error?: ApiError;
  /** the transcript ends in the middle of the run */
  cutOff?: true;
  /** how much of the transcript the verdict is based on; grows with the file */
  seq: number;
}

/** A prompt and what the agent did for it, as far as the transcript has been read. Its size does not depend on the length. */
export class Run {
  /** the agent worked on it; otherwise the prompt is not a run */
  confirmed = false;
  lastAgentAtMs: number | null = null;
  readonly artifacts = new Artifacts();
  readonly awaits = new Awaits();
  /** of what is known of its end; a copy's stands back behind the original's */
  standing: Standing;
  private agentRecords = 0;
  private latestAgentAtMs = 0;
  private apiError: ApiError | null = null;
  private interrupted = false;
  private turnEnded = false;
  private lastMessage: { asksForTool: boolean; ended: boolean; lastLineAtMs: number } | null = null;
  private readonly asksForTool = new Map<string, boolean>();

  constructor(
    readonly runId: string,
    readonly sessionId: string,
    readonly startedAtMs: number,
    public promptStanding: Standing,
    /** the key that the agent's telemetry and hooks use for the prompt as well; null if the transcript does not have it */
    readonly key: string | null = null,
  ) {
    this.standing = promptStanding;
  }

  /** The `time` of its `run.completed`: that of the newest agent record, so that a later import of a longer file wins. */
  get knownAtMs(): number {
    return Math.max(this.latestAgentAtMs, this.startedAtMs);
  }

  /** Takes an agent record: assistant, tool result, interruption mark, turn end. */
  addAgentRecord(record: TranscriptRecord, atMs: number, standing: Standing): void {
    // a copy is one from the beginning; a run that goes on under another session id is none
    if (standing === 'copy' && this.agentRecords === 0 && this.standing === 'own') this.standing = 'copy';
    this.agentRecords += 1;
    this.lastAgentAtMs = atMs;
    this.latestAgentAtMs = Math.max(this.latestAgentAtMs, atMs);
    if (record.kind === 'assistant') this.addAssistant(record, atMs);
    else if (record.kind === 'interruption') this.interrupted = true;
    else if (record.kind === 'turn_end') this.turnEnded = true;
    this.awaits.add(record, atMs, record.kind === 'assistant' && this.apiError?.category === 'rate_limited');
  }

  private addAssistant(record: TranscriptRecord, atMs: number): void {
    this.apiError = readApiError(record);
    this.interrupted = false;
    this.turnEnded = false;
    const { id, stop_reason: stopReason } = record.message;
    const key = typeof id === 'string' ? id : `${record.uuid}`;
    const asks = stopReason === 'tool_use' || blocksOf(record.message).some(({ type }) => type === 'tool_use');
    const asksForTool = asks || this.asksForTool.get(key) === true;
    this.asksForTool.delete(key);
    this.asksForTool.set(key, asksForTool);
    const [oldest] = this.asksForTool.keys();
    if (this.asksForTool.size > MESSAGES_REMEMBERED && oldest !== undefined) this.asksForTool.delete(oldest);
    this.lastMessage = { asksForTool, ended: stopReason === 'end_turn', lastLineAtMs: atMs };
  }

  /** Takes over the records after a prompt that turned out not to be a run. */
  absorb(later: Run): void {
    this.artifacts.absorb(later.artifacts);
    this.awaits.absorb(later.awaits);
    this.agentRecords += later.agentRecords;
    this.latestAgentAtMs = Math.max(this.latestAgentAtMs, later.latestAgentAtMs);
    this.lastAgentAtMs = later.lastAgentAtMs ?? this.lastAgentAtMs;
    if (later.lastMessage) {
      this.lastMessage = later.lastMessage;
      this.apiError = later.apiError;
      this.interrupted = later.interrupted;
      this.turnEnded = later.turnEnded;
    } else {
      this.interrupted ||= later.interrupted;
      this.turnEnded ||= later.turnEnded;
    }
  }

  /** The outcome (first matching row of the table in transcripts.md); null: in flight. */
  verdict(promptFollows: boolean, lastRecordAtMs: number, nowMs: number): Verdict | null {
    const seq = 2 * this.agentRecords;
    if (this.apiError && !this.interrupted) return { status: 'FAILED', error: this.apiError, seq };
    if (this.interrupted) return { status: 'CANCELED', seq };
    if (this.turnEnded) return { status: 'SUCCEEDED', seq };
    const last = this.lastMessage;
    if (last && !last.asksForTool && (promptFollows || last.ended || nowMs - last.lastLineAtMs > MESSAGE_DONE_MS)) {
      return { status: 'SUCCEEDED', seq };
    }
    if (promptFollows) return { status: 'CANCELED', seq: seq + 1 };
    if (nowMs - lastRecordAtMs > TRANSCRIPT_OVER_MS) return { status: 'CANCELED', cutOff: true, seq };
    return null;
  }
}

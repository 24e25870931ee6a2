import { nameOf, textOf } from '../names.js';
import type { TranscriptRecord } from './record.js';

/** What a main file says about one session. */
export interface SessionState {
  sessionId: string;
  firstAtMs: number;
  lastAtMs: number;
  branch: string | null;
  folder: string | null;
  /** it has at least one message */
  used: boolean;
}

/** The sessions with records in one main file: one, or several if it was resumed. */
export class Sessions {
  private readonly states = new Map<string, SessionState>();
  private title: { text: string; count: number } | null = null;
  /** the session that the file belongs to now */
  currentId: string | null = null;

  add(record: TranscriptRecord, sessionId: string, atMs: number): void {
    const { cwd, gitBranch } = record.raw;
    let state = this.states.get(sessionId);
    if (!state) {
      state = { sessionId, firstAtMs: atMs, lastAtMs: atMs, branch: null, folder: null, used: false };
      this.states.set(sessionId, state);
    }
    state.firstAtMs = Math.min(state.firstAtMs, atMs);
    state.lastAtMs = Math.max(state.lastAtMs, atMs);
    // the first one is kept, so that the result does not depend on where the file ended at an earlier import
    if (state.branch === null && typeof gitBranch === 'string' && gitBranch !== '') state.branch = textOf(gitBranch);
    state.folder ??= nameOf(cwd) === null ? null : String(cwd);
    state.used ||= record.kind === 'prompt' || record.kind === 'command' || record.kind === 'assistant';
    this.currentId = sessionId;
  }

  /** Of several titles the last one wins. */
  addTitle(record: TranscriptRecord): void {
    const { aiTitle, summary } = record.raw;
    const text = typeof aiTitle === 'string' ? aiTitle : summary;
    if (typeof text === 'string' && text.trim() !== '') {
      this.title = { text: textOf(text), count: (this.title?.count ?? 0) + 1 };
    }
  }

  /** The title, and how many there have been. */
  titleOf(sessionId: string): { text: string; count: number } | null {
    return sessionId === this.currentId ? this.title : null;
  }

  all(): SessionState[] {
    return [...this.states.values()].filter(({ used }) => used);
  }
}

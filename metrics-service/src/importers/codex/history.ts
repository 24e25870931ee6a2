import { timeOf } from '../times.js';
import type { Owners } from './owners.js';
import type { RolloutRecord } from './record.js';
import { isUuid, type SessionState, uuidMs } from './session.js';
import type { TurnOrigin } from './turn.js';

/** A fork without any ids writes its parent's history down within this time of its own beginning, … */
const COPIED_WITHIN_MS = 1000;
/** … or within this one, where the parent's own rollout knows it. */
const COPIED_AT_MOST_MS = 60_000;

/** Tells what of a rollout is the history of the session that it was forked from. */
export class History {
  private firstAtMs: number | null = null;
  private prompts = 0;
  /** the parent's rollout had all the prompts that there were so far */
  private asParents = true;

  constructor(private readonly owners: Owners) {}

  /** Takes each record's time. */
  note(atMs: number): void {
    this.firstAtMs ??= atMs;
  }

  /** Takes a prompt; answers whether it is one of the parent's that was written down again. */
  addPrompt(session: SessionState, text: string, atMs: number): boolean {
    const { sessionId, parentId, forked } = session;
    const place = this.prompts;
    this.prompts += 1;
    this.owners.addPrompt(sessionId, text);
    const had = forked && parentId !== null ? this.owners.hadPrompt(parentId, place, text) : null;
    if (had === false || this.isLate(session, atMs)) this.asParents = false;
    return had === true && this.asParents;
  }

  /** Whether a turn of the fork that does not say whose it is may be the parent's: its prompt will show. */
  mayBeParents({ parentId, forked, ...session }: SessionState, atMs: number): boolean {
    if (!forked || parentId === null || !this.asParents || this.isLate(session, atMs)) return false;
    return this.owners.hasPrompts(parentId);
  }

  /** Whether a turn that begins is the parent's; null: it does not say. */
  isParents(
    session: SessionState,
    id: string,
    origin: TurnOrigin,
    record: RolloutRecord,
    atMs: number,
  ): boolean | null {
    const { sessionId, forked } = session;
    if (this.isEarlier(session, atMs)) return true;
    const bornMs = Math.min(uuidMs(sessionId) ?? Infinity, session.atMs ?? Infinity);
    const named = origin === 'named' && isUuid(id);
    const exactMs = named ? uuidMs(id) : null;
    const startedMs = startOf(record.payload.started_at);
    if (forked && ((exactMs ?? Infinity) < bornMs || (startedMs?.last ?? Infinity) < bornMs)) return true;
    // claimed in any case, so that a fork of this session knows it
    if (named) return !this.owners.claim(id, sessionId) && forked;
    if (!forked || (startedMs?.first ?? -Infinity) >= bornMs) return false;
    return atMs < this.copiedUntilMs(session) ? true : null;
  }

  /** Whether a record outside of any turn is the parent's. */
  isCopied(session: SessionState, atMs: number): boolean {
    return this.isEarlier(session, atMs) || (session.forked && atMs < this.copiedUntilMs(session));
  }

  isEarlier({ atMs: bornMs }: SessionState, atMs: number): boolean {
    return bornMs !== null && atMs < bornMs;
  }

  private isLate({ atMs: bornMs }: Pick<SessionState, 'atMs'>, atMs: number): boolean {
    return atMs >= Math.max(bornMs ?? 0, this.firstAtMs ?? 0) + COPIED_AT_MOST_MS;
  }

  private copiedUntilMs({ atMs: bornMs }: SessionState): number {
    return Math.max(bornMs ?? 0, this.firstAtMs ?? 0) + COPIED_WITHIN_MS;
  }
}

/** When a turn began, as its `started_at` says: in seconds, or as a time; null: it does not say. */
function startOf(value: unknown): { first: number; last: number } | null {
  if (typeof value === 'number' && value > 0 && value < 1e11) {
    const ms = timeOf(Math.trunc(value * 1000));
    return ms === null ? null : { first: ms, last: Number.isInteger(value) ? ms + 999 : ms };
  }
  const ms = timeOf(value);
  return ms === null ? null : { first: ms, last: ms };
}

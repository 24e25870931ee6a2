import { isObject } from '../json-lines.js';
import { idOf, nameOf } from '../names.js';
import { termOf } from '../terms.js';
import type { History } from './history.js';
import type { RolloutRecord } from './record.js';
import { isUuid, type SessionState } from './session.js';
import { Turn, type TurnOrigin } from './turn.js';

const TURNS_REMEMBERED = 16;
const NO_TURN = { open: false, origin: 'implicit', foreign: false, answered: false };

/** The rollout that turns belong to: it is told what becomes of them. */
interface Host {
  readonly session: SessionState;
  /** a turn that is known to be one */
  start(turn: Turn): void;
  /** a turn that another follows */
  leave(turn: Turn): void;
}

/** Follows which turn the records of a rollout fall to. Holds the latest turns. */
export class Turns {
  current: Turn | null = null;
  /** what the latest settings say */
  model = 'unknown';
  private tier: string | undefined;
  private readonly known = new Map<string, Turn>();

  constructor(
    private readonly host: Host,
    private readonly history: History,
  ) {}

  /** By its own id. */
  get(turnId: string): Turn | undefined {
    return this.known.get(turnId);
  }

  /** Model and tier hold until others are said; the turn at hand has them, too. */
  takeSettings(settings: unknown): void {
    if (!isObject(settings)) return;
    this.model = nameOf(settings.model) ?? this.model;
    if (settings.service_tier !== undefined) this.tier = termOf(settings.service_tier);
  }

  /** Takes a record that may begin a turn, or go on with one; `historic`: it is a prompt of the parent's. */
  enter(record: RolloutRecord, atMs: number, historic: boolean): void {
    const { type, kind, payload } = record;
    const task = type === 'event_msg' && kind === 'task_started';
    if (task || type === 'turn_context') {
      const id = idOf(payload.turn_id);
      if (id !== null) this.enterNamed(id, record, atMs, task);
      else if (task) this.begin(null, 'task', record, atMs);
    } else if (
      type === 'event_msg' &&
      kind === 'user_message' &&
      (historic || !this.history.isCopied(this.host.session, atMs))
    ) {
      const { open, origin, foreign, answered } = this.current ?? NO_TURN;
      if (!open || (origin === 'implicit' && (foreign || answered))) {
        this.begin(null, 'implicit', record, atMs, historic);
      }
    }
    if (type === 'turn_context' && this.current) {
      this.current.model = this.model;
      this.current.tier = this.tier;
    }
  }

  private enterNamed(id: string, record: RolloutRecord, atMs: number, task: boolean): void {
    const { current } = this;
    const known = this.known.get(id);
    // an id that is no UUID may come again in the file, for another turn
    const copied = known?.foreign !== false;
    const again =
      known && !isUuid(id) && (!known.open || (task && (known.answered || copied)) || (copied && known !== current));
    if (current && current === known && !again) return;
    if (current?.open && current.origin !== 'named' && !current.started && !current.foreign) {
      // the record that began it had no id yet
      this.current = null;
      this.begin(id, 'named', record, current.startedAtMs);
    } else if (known && !again) this.current = known;
    else this.begin(id, 'named', record, atMs);
  }

  begin(turnId: string | null, origin: TurnOrigin, record: RolloutRecord, atMs: number, historic = false): void {
    if (this.current) this.host.leave(this.current);
    const { sessionId } = this.host.session;
    const id =
      turnId !== null && isUuid(turnId) ? turnId : [sessionId, ...(turnId === null ? [] : [turnId]), atMs].join(':');
    const said = this.history.isParents(this.host.session, turnId ?? id, origin, record, atMs);
    const foreign =
      historic ||
      (said ?? (origin !== 'implicit' && this.history.mayBeParents(this.host.session, atMs) ? null : false));
    const turn = new Turn(idOf(id) ?? sessionId, sessionId, atMs, origin, foreign);
    turn.model = this.model;
    turn.tier = this.tier;
    this.current = turn;
    this.known.set(turnId ?? turn.id, turn);
    const [oldest] = this.known.keys();
    if (this.known.size > TURNS_REMEMBERED && oldest !== undefined) this.known.delete(oldest);
    if (origin === 'named') this.host.start(turn);
  }

  /** Its prompt shows whose a turn is. */
  decide(turn: Turn, historic: boolean): void {
    turn.foreign = historic;
    if (turn.origin === 'named') this.host.start(turn);
  }

  /** Whether a record at this place is part of the parent's history. */
  isCopy(atMs: number): boolean {
    const { session } = this.host;
    const undecided = this.current?.foreign === null ? this.current : null;
    if (undecided && !this.history.mayBeParents(session, atMs)) this.decide(undecided, false);
    if (this.current) return this.current.foreign !== false || this.history.isEarlier(session, atMs);
    return this.history.isCopied(session, atMs);
  }
}

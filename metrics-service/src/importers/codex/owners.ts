import { keyOf } from '../tally.js';

const MOST_TURNS = 200_000;

/** Which session each turn belongs to: the first one seen with it, which is the older one. Takes a few bytes per turn. */
export class Owners {
  private readonly sessions = new Map<number, number>();

  /** Whether the turn belongs to the session; a turn without a session is assigned to it. */
  claim(turnId: string, sessionId: string): boolean {
    const [turn, session] = [keyOf(turnId), keyOf(sessionId)];
    const owner = this.sessions.get(turn);
    if (owner !== undefined) return owner === session;
    this.sessions.set(turn, session);
    const [oldest] = this.sessions.keys();
    if (this.sessions.size > MOST_TURNS && oldest !== undefined) this.sessions.delete(oldest);
    return true;
  }
}

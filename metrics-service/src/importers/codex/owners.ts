import { keyOf } from '../key-of.js';

const MOST_TURNS = 200_000;
const MOST_SESSIONS = 20_000;
const MOST_PROMPTS = 2000;

/** What the rollouts read so far say of whose turns and helpers are whose. A few bytes for each. */
export class Owners {
  private readonly sessions = new Map<number, number>();
  private readonly parents = new Map<string, string>();
  private readonly prompts = new Map<number, number[]>();

  /** Whether the turn belongs to the session, the first one seen with it; a turn without a session is assigned to it. */
  claim(turnId: string, sessionId: string): boolean {
    const [turn, session] = [keyOf(turnId), keyOf(sessionId)];
    const owner = this.sessions.get(turn);
    if (owner !== undefined) return owner === session;
    remember(this.sessions, turn, session, MOST_TURNS);
    return true;
  }

  /** Notes whose helper a thread is; answers the session at the top. */
  adopt(helperId: string, parentId: string): string {
    remember(this.parents, helperId, parentId, MOST_SESSIONS);
    let top = parentId;
    for (let steps = 0; steps < 16 && this.parents.has(top); steps += 1) top = this.parents.get(top)!;
    return top === helperId ? parentId : top;
  }

  /** Notes a session's next prompt. */
  addPrompt(sessionId: string, text: string): void {
    const key = keyOf(sessionId);
    const known = this.prompts.get(key);
    if (!known) remember(this.prompts, key, [keyOf(text)], MOST_SESSIONS);
    else if (known.length < MOST_PROMPTS) known.push(keyOf(text));
  }

  /** Whether prompts of the session were read. */
  hasPrompts(sessionId: string): boolean {
    return this.prompts.has(keyOf(sessionId));
  }

  /** Whether that was the session's prompt at this place; null: the session was not read. */
  hadPrompt(sessionId: string, place: number, text: string): boolean | null {
    const known = this.prompts.get(keyOf(sessionId));
    return known ? known[place] === keyOf(text) : null;
  }
}

function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

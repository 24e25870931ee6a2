import { idOf } from '../names.js';
import { keyOf } from '../key-of.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The ids of runs: their prompt's. One that is no UUID is unique in its session at most: another session's prompt of
 * another time that has it, too, is another run.
 */
export class PromptIds {
  private readonly known = new Map<number, { session: number; atMs: number }>();

  idOf(uuid: string, sessionId: string, atMs: number): string {
    if (UUID.test(uuid)) return uuid;
    const [prompt, session] = [keyOf(uuid), keyOf(sessionId)];
    const known = this.known.get(prompt);
    if (!known) this.known.set(prompt, { session, atMs });
    else if (known.session !== session && known.atMs !== atMs) return idOf(`${sessionId}:${uuid}`) ?? uuid;
    return uuid;
  }
}

import type { SentEvent } from '../oracle/types.js';
import type { Random } from '../support/random.js';
import { Stories } from './stories.js';

/** What the service answers to POST /v1/events. */
export interface Answer {
  accepted: number;
  duplicates: number;
  rejected: { index: number; id: string | null; code: string }[];
}

/** One thing that a sender says, and what must become of it. */
export interface Item {
  event: SentEvent;
  /** `again`: it was acknowledged before this batch was made */
  kind: 'new' | 'again' | 'invalid' | 'id_reused';
}

/** The senders' own book on one organization: what they said to it, and what it acknowledged. */
export class Ledger {
  /** the acknowledged events */
  readonly acknowledged: SentEvent[] = [];
  /** what must be among the dead letters, as `code id`, with how often it was sent */
  readonly rejected = new Map<string, { acknowledged: number; sent: number }>();
  /** where an answer was not what was promised */
  readonly broken: string[] = [];
  accepted = 0;
  duplicates = 0;
  #invalid = 0;
  readonly #stories: Stories;

  constructor(
    private readonly random: Random,
    readonly orgId: string,
  ) {
    this.#stories = new Stories(random, `chaos/${orgId}`);
  }

  /** Of most batches all events are new; in some, what is known is said again or what is wrong is said. */
  nextBatch(): Item[] {
    const { random } = this;
    const size = random.weighted([
      [3, 1],
      [5, random.integer(2, 12)],
      [1, random.integer(13, 80)],
    ]);
    return Array.from({ length: size }, (): Item => {
      const known = this.acknowledged.length > 0;
      const kind = random.weighted([
        [40, 'new'],
        [known ? 6 : 0, 'again'],
        [0.4, 'invalid'],
        [known ? 0.4 : 0, 'id_reused'],
      ] as const);
      if (kind === 'new') return { kind, event: this.#stories.next() };
      if (kind === 'again') return { kind, event: random.pick(this.acknowledged) };
      if (kind === 'id_reused') {
        const { id, source } = random.pick(this.acknowledged);
        const data = { sessionId: 'another', createdAt: '2026-01-01T00:00:00Z' };
        return { kind, event: { specversion: '1.0', source, id, type: 'session.created', data } };
      }
      const id = `wrong-${(this.#invalid += 1)}`;
      const data = { runId: 'r', status: 'NO_SUCH_STATUS', completedAt: '2026-01-01T00:00:00Z' };
      return { kind, event: { specversion: '1.0', source: 'chaos', id, type: 'run.completed', data } };
    });
  }

  /** Before each attempt to send it. */
  sending(batch: Item[]): void {
    for (const item of batch) {
      const letter = letterOf(item);
      if (letter === null) continue;
      const { acknowledged = 0, sent = 0 } = this.rejected.get(letter) ?? {};
      this.rejected.set(letter, { acknowledged, sent: sent + 1 });
    }
  }

  /** After the answer to it. `attempts`: an earlier one may have been recorded although its answer was lost. */
  answered(batch: Item[], answer: Answer, attempts: number): void {
    const expect = (name: string, got: unknown, ...allowed: unknown[]): void => {
      if (!allowed.includes(got)) this.broken.push(`${name}: ${String(got)} instead of ${allowed.join(' or ')}`);
    };
    const fresh = batch.filter(({ kind }) => kind === 'new');
    const wrong = batch.flatMap((item, index) => (letterOf(item) === null ? [] : [`${index} ${letterOf(item)}`]));
    const refused = answer.rejected.map(({ index, code, id }) => `${index} ${code} ${id}`);
    expect('rejected in an answer', refused.join(', '), wrong.join(', '));
    // more than the new ones: what was acknowledged had been lost
    const possible = attempts === 1 ? [fresh.length] : [0, fresh.length];
    expect(`accepted of ${fresh.length} new events after ${attempts} attempts`, answer.accepted, ...possible);
    expect('events in an answer', answer.accepted + answer.duplicates + refused.length, batch.length);
    this.accepted += answer.accepted;
    this.duplicates += answer.duplicates;
    this.acknowledged.push(...fresh.map(({ event }) => event));
    for (const item of batch) {
      const letter = letterOf(item);
      if (letter !== null) this.rejected.get(letter)!.acknowledged += 1;
    }
  }
}

/** How a rejected item is known among the dead letters; null: it must not be rejected. */
function letterOf({ kind, event }: Item): string | null {
  if (kind === 'invalid') return `invalid_event ${event.id}`;
  return kind === 'id_reused' ? `id_reused ${event.id}` : null;
}

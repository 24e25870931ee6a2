import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../support/random.js';
import type { Answer, Item, Ledger } from './ledger.js';
import { type Body, post } from './post.js';

/** What a client must be ready for, beside no answer at all. */
const BUSY = 503;
const ANSWERS = [200, 207, 422];

export interface Traffic {
  requests: number;
  /** by status; `none`: the connection broke */
  answers: Record<string, number>;
}

export interface SendOptions {
  random: Random;
  traffic: Traffic;
  longestPauseMs?: number;
  /** ends it without an answer: there is nobody any more who could give one */
  givenUp?: AbortSignal;
}

/** Where an organization's events go. */
export interface Receiver {
  url(): string;
  token: string;
  ledger: Ledger;
}

/**
 * Sends batches to any of the receivers until `isOver`, each until it is answered, as a client of the service would:
 * whatever else happens, the same events again. Some requests are broken off in the middle of their body first.
 */
export async function sendUntil(
  isOver: () => boolean,
  receivers: Receiver[],
  { random, traffic, longestPauseMs = 60, givenUp }: SendOptions,
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  while (!isOver() && !givenUp?.aborted) {
    const receiver = random.pick(receivers);
    const batch = receiver.ledger.nextBatch();
    for (let attempts = 1; !givenUp?.aborted; attempts += 1) {
      receiver.ledger.sending(batch);
      const breaksOff = random.chance(0.03);
      const sent = random.chance(0.5) ? lines(batch) : list(batch);
      const { status, body } = await post(`${receiver.url()}/v1/events`, receiver.token, sent, { agent, breaksOff });
      traffic.requests += 1;
      traffic.answers[status ?? 'none'] = (traffic.answers[status ?? 'none'] ?? 0) + 1;
      if (status !== null && ANSWERS.includes(status)) {
        receiver.ledger.answered(batch, JSON.parse(body) as Answer, attempts);
        break;
      }
      if (status !== null && status !== BUSY) receiver.ledger.broken.push(`an answer was ${status}: ${body}`);
      await sleep(random.integer(20, 150));
    }
    await sleep(random.integer(0, longestPauseMs));
  }
  agent.destroy();
}

const list = (batch: Item[]): Body => ({
  type: 'application/cloudevents-batch+json',
  text: JSON.stringify(batch.map(({ event }) => event)),
});
const lines = (batch: Item[]): Body => ({
  type: 'application/x-ndjson',
  text: batch.map(({ event }) => `${JSON.stringify(event)}\n`).join(''),
});

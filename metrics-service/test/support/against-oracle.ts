import { answer } from '../oracle/answer.js';
import { firstDifference, type ServiceResult } from '../oracle/compare.js';
import { merge } from '../oracle/merge.js';
import { priceOf } from '../oracle/prices.js';
import type { Question, SentEvent } from '../oracle/types.js';
import { Random } from './random.js';
import { randomEvents } from './random-events.js';
import { randomQuestion } from './random-queries.js';

/** An organization of its own in the service under test. */
export interface TestOrganization {
  postHandoffMs: number;
  /** the service's clock, epoch ms */
  now: number;
  /** sends the events as one request; rejects unless all of them are accepted or known already */
  send(events: SentEvent[]): Promise<void>;
  ask(question: Question): Promise<ServiceResult | undefined>;
}

export type NewOrganization = () => Promise<TestOrganization>;

export interface Difference {
  seed: number;
  question: Question;
  events: SentEvent[];
  difference: string;
}

/** Sends random events in random order, batches and repetition, asks random questions, and tells what differs. */
export async function compareWithOracle(
  newOrganization: NewOrganization,
  seed: number,
  questions: number,
): Promise<Difference | null> {
  const random = new Random(seed);
  const organization = await newOrganization();
  // in some worlds so much is told of few runs that many ways of telling them meet
  const about = seed % 5 === 0 ? { about: ['session', 'run', 'user'] } : {};
  const { events, occasion } = randomEvents(random.integer(0, 2 ** 31 - 1), { ...organization, ...about });
  await sendSomehow(organization, events, random);
  const world = merge(events, priceOf, organization.now);
  for (let asked = 0; asked < questions; asked++) {
    const question = randomQuestion(random, world, events, occasion);
    const expected = answer(world, question, organization);
    const difference = firstDifference(question.query, await organization.ask(question), expected);
    if (difference) return { seed, question, events, difference };
  }
  return null;
}

/** In any order, in batches of any size, some events again, up to four batches at a time. */
async function sendSomehow(organization: TestOrganization, events: SentEvent[], random: Random): Promise<void> {
  const sent = random.shuffled([...events, ...random.some(events, Math.floor(events.length / 5))]);
  const batches: SentEvent[][] = [];
  while (sent.length > 0) batches.push(sent.splice(0, random.pick([1, 3, random.integer(1, 60)])));
  const senders = Array.from({ length: random.integer(1, 4) }, async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) await organization.send(batch);
  });
  await Promise.all(senders);
}

/** The same difference with as few events as it takes, found by leaving them out. */
export async function shrink(newOrganization: NewOrganization, found: Difference): Promise<Difference> {
  const differs = async (events: SentEvent[]): Promise<string | null> => {
    const organization = await newOrganization();
    if (events.length > 0) await organization.send(events);
    const expected = answer(merge(events, priceOf, organization.now), found.question, organization);
    return firstDifference(found.question.query, await organization.ask(found.question), expected);
  };
  let smallest = found;
  for (let size = Math.ceil(found.events.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < smallest.events.length;) {
      const events = smallest.events.filter((_, index) => index < start || index >= start + size);
      const difference = await differs(events);
      if (difference) smallest = { ...smallest, events, difference };
      else start += size;
    }
  }
  return smallest;
}

export function explain({ seed, question, events, difference }: Difference): string {
  const { window, timezone, query } = question;
  return [
    difference,
    `seed ${seed}`,
    `window ${new Date(window.from).toISOString()} to ${new Date(window.to).toISOString()} ${timezone}`,
    JSON.stringify({ ...window, timezone, queries: [query] }),
    'events:',
    ...events.map((event) => JSON.stringify(event)),
  ].join('\n');
}

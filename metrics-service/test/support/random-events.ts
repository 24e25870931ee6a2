import fc from 'fast-check';
import { EVENT_TYPES } from '../../src/contract/events.js';
import type { SentEvent } from '../oracle/types.js';
import { EventWriter, WEIGHTS, WRITTEN } from './event-writer.js';
import { Random } from './random.js';
import { RandomFields, WORLD } from './random-fields.js';
import { type Occasion, OCCASIONS } from './random-times.js';

const HOUR = 3_600_000;
const TYPES = [
  ...WEIGHTS,
  ...EVENT_TYPES.filter((type) => !WRITTEN.has(type)).map((type): [number, string] => [2, type]),
];

export interface RandomWorldOptions {
  /** number of events; random if not given */
  count?: number;
  /** what the events are about; anything if not given */
  about?: readonly string[];
  /** the time after a handoff in which a run follows it; a day by default */
  postHandoffMs?: number;
}

/**
 * A list of valid events of both ranks, all with different (source, id, rank), about one small world around one occasion of the calendar:
 * corrections, contradictions, deletions and revivals, orphans, equal times, entities that are never created.
 */
export function randomEvents(
  seed: number,
  { count, about, postHandoffMs = 24 * HOUR }: RandomWorldOptions = {},
): { events: SentEvent[]; occasion: Occasion } {
  const random = new Random(seed);
  const occasion = random.pick(OCCASIONS);
  const writer = new EventWriter(new RandomFields(random, occasion, postHandoffMs));
  const size = count ?? random.pick([3, 15, 60, 120, 200]);
  const types = TYPES.filter(([, type]) => about?.includes(type.split('.')[0]!) ?? true);
  // in some worlds all have one rank, as where a single token sends
  const mixed = random.chance(0.6);
  const used = new Set<string>();
  const events: SentEvent[] = [];
  while (events.length < size) {
    const source = random.pick(WORLD.sources);
    const id = `${random.pick(['e', 'E', '😀', '｡'])}${random.integer(1, Math.ceil(size / 8))}`;
    const rank = random.chance(mixed ? 0.5 : 0) ? 0 : 1;
    const identity = { source, id, rank } as const;
    if (used.has(JSON.stringify(identity))) continue;
    used.add(JSON.stringify(identity));
    events.push(writer.write(random.weighted(types), identity));
  }
  return { events, occasion };
}

/** Random events for fast-check: a failing list is shrunk by leaving events out. */
export function eventsArbitrary(options: RandomWorldOptions = {}): fc.Arbitrary<SentEvent[]> {
  return fc
    .noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 }))
    .chain((seed) => fc.subarray(randomEvents(seed, options).events));
}

import { eventTypes, type EventType } from '../../src/contract/events.js';
import type { SentEvent } from '../oracle/types.js';
import { eventData } from './event-data.js';
import type { Random } from './random.js';
import type { RandomFields } from './random-fields.js';

/** What metrics are made of, as often as a world needs it. */
export const WEIGHTS: [weight: number, type: string][] = [
  [2, 'user.upserted'],
  [3, 'session.created'],
  [1, 'session.seen'],
  [0.7, 'session.ended'],
  [0.7, 'session.settled'],
  [4, 'message.created'],
  [2, 'run.queued'],
  [8, 'run.started'],
  [1, 'run.seen'],
  [2, 'run.progressed'],
  [1, 'run.errored'],
  [1, 'run.stopped'],
  [7, 'run.completed'],
  [6, 'llm_call.recorded'],
  [5, 'tool_call.recorded'],
  [3, 'handoff.created'],
  [1, 'session.linked'],
  [2, 'work_item.upserted'],
  [2, 'work_item.closed'],
  [1, 'work_item.reopened'],
  [1, 'work_item.reviewed'],
  [2, 'escalation.recorded'],
  [0.5, 'escalation.resolved'],
  [0.6, 'run.deleted'],
  [0.4, 'session.deleted'],
];
export const WRITTEN = new Set(WEIGHTS.map(([, type]) => type));

/** Who says who somebody is. */
const OF_DIRECTORY = ['role', 'team', 'kind', 'aliases'];

/** Writes one event after the other about the same small world. */
export class EventWriter {
  private readonly random: Random;

  constructor(private readonly fields: RandomFields) {
    this.random = fields.random;
  }

  /** One event; `time` is missing, its own moment, or another's (so that corrections and ties abound). */
  write(type: string, { source, id, rank }: { source: string; id: string; rank: 0 | 1 }): SentEvent {
    const [data, moment] = eventData(this.fields, type);
    // the oracle knows the moments of what metrics read
    const mustCarry = eventTypes[type as EventType].moment === null || !WRITTEN.has(type);
    const time = this.random.weighted([
      [mustCarry ? 0 : 4, undefined],
      [2, this.fields.text(moment)],
      [2, this.fields.text(this.random.pick(this.fields.instants))],
      [2, this.fields.text(this.fields.instants[0]!)],
    ]);
    const isSaid = (member: string, value: unknown): boolean =>
      value !== undefined && (rank === 1 || !OF_DIRECTORY.includes(member) || value === null);
    const said = Object.entries(data).filter(([member, value]) =>
      isSaid(type === 'user.upserted' ? member : '', value),
    );
    const event: SentEvent = { specversion: '1.0', source, id, type, data: Object.fromEntries(said) };
    if (rank === 0) event.runboardrank = 0;
    if (time !== undefined) event.time = time;
    return event;
  }
}

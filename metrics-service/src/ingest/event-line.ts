import type { Rank } from '../contract/access.js';
import type { EventType } from '../contract/events.js';
import { isAhead } from './future.js';

/** A row of the log. */
export interface EventRow extends Record<string, unknown> {
  source: string;
  id: string;
  rank: Rank;
  type: EventType;
  time: Date;
  receivedAt: Date;
  data: Record<string, unknown>;
  attributes: Record<string, unknown> | null;
}

/**
 * An event of the log as the CloudEvent that it was: a line of JSON that can be sent again. Rank 0 is written out, since
 * any sender may lower the rank; rank 1 depends on the token that sends it. Of an event with a time after its receipt it is
 * said when it was received: whoever has the scope `directory` is believed.
 */
export function eventLine({ source, id, rank, type, time, receivedAt, data, attributes }: EventRow): string {
  const own = {
    ...(rank === 0 && { runboardrank: rank }),
    ...(isAhead(type, time.getTime(), data, receivedAt.getTime()) && { runboardreceived: receivedAt }),
  };
  return `${JSON.stringify({ ...attributes, specversion: '1.0', id, source, type, time, ...own, data })}\n`;
}

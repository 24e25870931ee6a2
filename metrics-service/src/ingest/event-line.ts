import type { Rank } from '../contract/access.js';

/** An event of the log, as its row has it. */
export interface EventRow extends Record<string, unknown> {
  source: string;
  id: string;
  rank: Rank;
  type: string;
  time: Date;
  data: unknown;
  attributes: Record<string, unknown> | null;
}

/**
 * An event of the log as the CloudEvent that it was, as a line of JSON that can be sent again. A rank of 0 is said, which
 * whoever sends the line may say of it; 1 is only what their token gives it.
 */
export function eventLine({ source, id, rank, type, time, data, attributes }: EventRow): string {
  const own = rank === 0 ? { runboardrank: rank } : {};
  return `${JSON.stringify({ ...attributes, specversion: '1.0', id, source, type, time, ...own, data })}\n`;
}

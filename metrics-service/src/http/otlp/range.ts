import { ApiError } from '../../contract/problem.js';
import { MAX_EVENT_BYTES } from '../../contract/values.js';

/** Part of a body. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The parts of a request: for each resource its attributes, and for each of its scopes the records. */
export interface Walk {
  resource(range: Range): void;
  scope(range: Range): void;
  /** one record, in the last resource and scope */
  record(range: Range): void;
}

/** A record that cannot be read: why, for its sender. */
export class UnreadableRecord {
  constructor(readonly reason: string) {}
}

/** Records larger than an event may be are not read. */
export function tooLarge({ from, to }: Range): UnreadableRecord | null {
  return to - from > MAX_EVENT_BYTES ? new UnreadableRecord('is larger than 1 MiB') : null;
}

/** Counts the parts of a body, which are at most as many as the events of a request. */
export class Bound {
  #left: number;

  constructor(readonly most: number) {
    this.#left = most;
  }

  /** @throws ApiError too_large */
  take(): void {
    this.#left -= 1;
    if (this.#left >= 0) return;
    throw new ApiError('too_large', `there are more than ${this.most} records in one request: send at most that many`);
  }
}

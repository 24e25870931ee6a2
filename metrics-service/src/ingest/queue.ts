import { ApiError } from '../contract/problem.js';
import type { Outcome, Sent } from './record.js';

interface Job {
  sent: Sent[];
  resolve(outcomes: Outcome[]): void;
  reject(reason: unknown): void;
}

/** Waiting requests share a transaction up to this many events; others are read in the meantime. */
const MAX_GROUP_EVENTS = 2_000;
/** With more waiting events than this, the organization's senders are asked to retry later. */
const MAX_WAITING_EVENTS = 40_000;

/**
 * One organization's requests are recorded one after the other (they would wait for its lock anyway); those that
 * wait meanwhile share a transaction, so that many small senders cost one commit, not one each.
 */
export class IngestQueue {
  readonly #waiting = new Map<string, Job[]>();

  constructor(private readonly write: (orgId: string, sent: Sent[]) => Promise<Outcome[]>) {}

  /** Resolves with one outcome per item once they are committed. */
  add(orgId: string, sent: Sent[]): Promise<Outcome[]> {
    return new Promise((resolve, reject) => {
      const job = { sent, resolve, reject };
      const waiting = this.#waiting.get(orgId);
      if (!waiting) {
        this.#waiting.set(orgId, [job]);
        void this.#drain(orgId);
      } else if (count(waiting) + sent.length > MAX_WAITING_EVENTS && waiting.length > 0) {
        reject(new ApiError('busy', 'too many events of this organization are waiting: send this again in a second'));
      } else {
        waiting.push(job);
      }
    });
  }

  async #drain(orgId: string): Promise<void> {
    const waiting = this.#waiting.get(orgId)!;
    while (waiting.length > 0) {
      const group = takeGroup(waiting);
      const failure = await this.#record(orgId, group);
      if (failure === null) continue;
      if (group.length === 1 || failure instanceof ApiError) {
        // if the database is gone, the waiting requests fail at once instead of group after group
        const isGone = failure instanceof ApiError && failure.code === 'database_unavailable';
        for (const job of isGone ? [...group, ...waiting.splice(0)] : group) job.reject(failure);
        continue;
      }
      // a request must not fail because of another one's content
      for (const job of group) {
        const own = await this.#record(orgId, [job]);
        if (own !== null) job.reject(own);
      }
    }
    this.#waiting.delete(orgId);
  }

  /** Records the group and answers its senders; returns the failure, null if there was none. */
  async #record(orgId: string, group: Job[]): Promise<unknown> {
    try {
      const outcomes = await this.write(
        orgId,
        group.flatMap((job) => job.sent),
      );
      let start = 0;
      for (const job of group) job.resolve(outcomes.slice(start, (start += job.sent.length)));
      return null;
    } catch (error) {
      return error ?? new Error('recording failed');
    }
  }
}

function count(jobs: Job[]): number {
  return jobs.reduce((sum, job) => sum + job.sent.length, 0);
}

function takeGroup(waiting: Job[]): Job[] {
  const group = [waiting.shift()!];
  let events = group[0]!.sent.length;
  while (waiting[0] && events + waiting[0].sent.length <= MAX_GROUP_EVENTS) {
    const job = waiting.shift()!;
    events += job.sent.length;
    group.push(job);
  }
  return group;
}

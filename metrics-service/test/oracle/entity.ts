import type { Attributes } from './types.js';
import { compareText, instant } from './values.js';

export interface Stamp {
  rank: number;
  time: number;
  id: string;
  source: string;
}

/** What one event said. */
export interface Said {
  stamp: Stamp;
  data: Record<string, unknown>;
}

/** What the events say about one entity: for each field the greatest event that names it. */
export class Entity {
  readonly fields = new Map<string, { stamp: Stamp; value: unknown }>();
  /** the latest run.completed, whole */
  outcome: { stamp: Stamp; data: Record<string, unknown> } | undefined;
  /** the latest of each, whole: what its events say together */
  private readonly wholes = new Map<string, { stamp: Stamp; data: Record<string, unknown> }>();
  /** what was said of a work item, in whatever order */
  readonly history: { type: string; data: Record<string, unknown> }[] = [];
  /** every run.completed, and every run.progressed with usage */
  readonly outcomes: Said[] = [];
  readonly usages: Said[] = [];
  private latestWord: Stamp | undefined;
  private latestDeletion: Stamp | undefined;

  constructor(readonly id: string) {}

  say(stamp: Stamp, field: string, value: unknown): void {
    if (value === null || value === undefined) return;
    const before = this.fields.get(field);
    if (field === 'begunAt') {
      const isEarlier = !before || instant(value as string) < instant(before.value as string);
      if (isEarlier) this.fields.set(field, { stamp, value });
      return;
    }
    // the latest moment, whoever said it
    if (field === 'toldAt' && before && (before.value as number) >= (value as number)) return;
    if (field === 'toldAt' || !before || greater(stamp, before.stamp)) this.fields.set(field, { stamp, value });
  }

  complete(stamp: Stamp, data: Record<string, unknown>): void {
    this.outcomes.push({ stamp, data });
    if (!this.outcome || greater(stamp, this.outcome.stamp)) this.outcome = { stamp, data };
  }

  /** As another one ended. */
  completeAs(other: Entity): void {
    for (const { stamp, data } of other.outcomes) this.complete(stamp, data);
  }

  whole(stamp: Stamp, name: string, data: Record<string, unknown>): void {
    const known = this.wholes.get(name);
    if (!known || greater(stamp, known.stamp)) this.wholes.set(name, { stamp, data });
  }

  /** The latest run.errored, run.stopped, session.ended. */
  get error(): Record<string, unknown> | undefined {
    return this.wholes.get('run.errored')?.data;
  }

  get stop(): Record<string, unknown> | undefined {
    return this.wholes.get('run.stopped')?.data;
  }

  get end(): Record<string, unknown> | undefined {
    return this.wholes.get('session.ended')?.data;
  }

  mentioned(stamp: Stamp): void {
    if (!this.latestWord || greater(stamp, this.latestWord)) this.latestWord = stamp;
  }

  deleted(stamp: Stamp): void {
    if (!this.latestDeletion || greater(stamp, this.latestDeletion)) this.latestDeletion = stamp;
  }

  /** What another one says of the same. */
  include(other: Entity): void {
    for (const [field, { stamp, value }] of other.fields) this.say(stamp, field, value);
    this.completeAs(other);
    this.usages.push(...other.usages);
    for (const [name, { stamp, data }] of other.wholes) this.whole(stamp, name, data);
    if (other.latestWord) this.mentioned(other.latestWord);
    if (other.latestDeletion) this.deleted(other.latestDeletion);
  }

  copy(): Entity {
    const copy = new Entity(this.id);
    copy.include(this);
    return copy;
  }

  get isDeleted(): boolean {
    if (!this.latestDeletion) return false;
    return !this.latestWord || greater(this.latestDeletion, this.latestWord);
  }

  /** A text; "" was said to clear it. */
  text(field: string): string | null {
    const value = this.fields.get(field)?.value;
    return value === undefined || value === '' ? null : (value as string);
  }

  attributes<Members extends Record<string, string>>(members: Members): Attributes<Members> {
    const texts = Object.entries(members).map(([dimension, member]) => [dimension, this.text(member)]);
    return Object.fromEntries(texts) as Attributes<Members>;
  }

  time(field: string): number | null {
    const value = this.fields.get(field)?.value;
    return value === undefined ? null : instant(value as string);
  }

  value(field: string): unknown {
    return this.fields.get(field)?.value ?? null;
  }
}

/** Whether what was stamped so goes before what was stamped otherwise. */
export function greater(a: Stamp, b: Stamp): boolean {
  if (a.rank !== b.rank) return a.rank > b.rank;
  if (a.time !== b.time) return a.time > b.time;
  if (a.id !== b.id) return compareText(a.id, b.id) > 0;
  return compareText(a.source, b.source) > 0;
}

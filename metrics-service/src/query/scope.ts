import type { Metric } from '../catalogue/metric.js';
import type { Notice } from '../contract/frames.js';
import { InvalidQuery } from './invalid.js';

export const SCOPE_KINDS = ['organization', 'team', 'self', 'totals', 'nothing'] as const;

/** What the one who asks may see. */
export type Scope =
  | { readonly kind: 'organization' }
  /** the sessions that these users made, whole, and what they themselves did in others; `said`: to the reader */
  | { readonly kind: 'team' | 'self'; readonly userIds: readonly string[]; readonly said: string }
  /** numbers over everything, but not of single users or sessions, nor over fewer people than `leastPeople` */
  | { readonly kind: 'totals'; readonly who: string; readonly leastPeople: number }
  | { readonly kind: 'nothing'; readonly said: string };

export const ORGANIZATION_SCOPE: Scope = { kind: 'organization' };

/** How many people a number has to be about, to be told; 0: that does not matter. */
export function leastPeople(scope: Scope): number {
  return scope.kind === 'totals' ? scope.leastPeople : 0;
}

/** What a reader should know of it: that they see a part only. */
export function scopeNotices(scope: Scope): Notice[] {
  if (scope.kind === 'nothing') return [{ severity: 'warning', text: scope.said }];
  return scope.kind === 'team' || scope.kind === 'self' ? [{ severity: 'info', text: scope.said }] : [];
}

/** The dimensions whose values are single people or what one of them did. */
const PERSONAL = ['user', 'session'];

/** Whether the values of this dimension may be told. */
export function tells(scope: Scope, dimension: string): boolean {
  return scope.kind !== 'totals' || !PERSONAL.includes(dimension);
}

/** What of a query tells whether its numbers may be. */
interface AskedNumbers {
  readonly groups: readonly { name: string }[];
  readonly filters: readonly { dimension: { name: string }; negated: boolean }[];
  readonly metrics: readonly Metric[];
}

/** Refuses numbers of single people or sessions, where only totals may be seen. */
export function checkNumbers(scope: Scope, { groups, filters, metrics }: AskedNumbers): void {
  if (scope.kind !== 'totals') return;
  const names = [...groups.map(({ name }) => name), ...filters.map(({ dimension }) => dimension.name)];
  const personal = names.find((name) => !tells(scope, name));
  if (personal !== undefined) {
    throw new InvalidQuery(
      `${scope.who} see numbers of many only: not grouped by ${personal}, nor filtered to it${wayOut(scope)}`,
    );
  }
  if (scope.leastPeople === 0) return;
  const ofOne = metrics.find((metric) => metric.ofOne);
  if (ofOne) throw new InvalidQuery(`${scope.who} see numbers of many only: ${ofOne.id} is that of one session`);
  // all without a few, taken from all, would be those few
  const negated = filters.find((filter) => filter.negated);
  if (negated) {
    throw new InvalidQuery(`${scope.who} filter to values only: name those of ${negated.dimension.name} to keep`);
  }
}

/** Refuses lists of sessions, runs and what happened, where only totals may be seen. */
export function checkLists(scope: Scope): void {
  if (scope.kind !== 'totals') return;
  throw new InvalidQuery(
    `${scope.who} see numbers of many only, no lists: ask for the view total, series or table${wayOut(scope)}`,
  );
}

/** What an organization can do about it. */
function wayOut(scope: Scope): string {
  return leastPeople(scope) > 0 ? '' : '; `runboard org update --alert-visibility organization` allows it';
}

import type { Notice } from '../contract/frames.js';

/** What a viewer may see of an organization. */
export type ViewerScope =
  | { readonly kind: 'organization' }
  /** the sessions that these users made, whole, and what they themselves did in others; `said`: to the reader */
  | { readonly kind: 'team' | 'self'; readonly userIds: readonly string[]; readonly said: string }
  /** numbers over everything, but not of single users or sessions, nor over fewer people than `minimumGroupSize` */
  | { readonly kind: 'totals'; readonly who: string; readonly minimumGroupSize: number }
  | { readonly kind: 'nothing'; readonly said: string };

export const ORGANIZATION_SCOPE: ViewerScope = { kind: 'organization' };

/** How many people a number has to be about, to be told; 0: that does not matter. */
export function minimumGroupSize(scope: ViewerScope): number {
  return scope.kind === 'totals' ? scope.minimumGroupSize : 0;
}

/** What a reader should know of it: that they see a part only. */
export function scopeNotices(scope: ViewerScope): Notice[] {
  if (scope.kind === 'nothing') return [{ severity: 'warning', text: scope.said }];
  return scope.kind === 'team' || scope.kind === 'self' ? [{ severity: 'info', text: scope.said }] : [];
}

/** The dimensions whose values are single people or what one of them did. */
const PERSONAL = ['user', 'session'];

/** Whether the values of this dimension may be told. */
export function isDimensionVisible(scope: ViewerScope, dimension: string): boolean {
  return scope.kind !== 'totals' || !PERSONAL.includes(dimension);
}

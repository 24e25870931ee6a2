import type { Notice } from '../contract/frames.js';

/** What a viewer may see of an organization. */
export type ViewerScope =
  | { readonly kind: 'organization' }
  /** all of the sessions these users created, and what they themselves did in others; `said` is shown to the reader */
  | { readonly kind: 'team' | 'self'; readonly userIds: readonly string[]; readonly said: string }
  /** numbers over everything, but not per user or session, nor about fewer than `minimumGroupSize` people */
  | {
      readonly kind: 'totals';
      readonly who: string;
      readonly minimumGroupSize: number;
      readonly said?: string;
      /** in its place, what of single people and sessions is asked is answered like this; by default it is refused */
      readonly otherwise?: Nothing;
    }
  | Nothing;

interface Nothing {
  readonly kind: 'nothing';
  readonly said: string;
}

export const ORGANIZATION_SCOPE: ViewerScope = { kind: 'organization' };

/** The fewest people a number may be about to be shown; 0: no minimum. */
export function minimumGroupSize(scope: ViewerScope): number {
  return scope.kind === 'totals' ? scope.minimumGroupSize : 0;
}

/** The notice for a viewer who sees only a part. */
export function scopeNotices(scope: ViewerScope): Notice[] {
  if (scope.kind === 'nothing') return [{ severity: 'warning', text: scope.said }];
  return 'said' in scope && scope.said ? [{ severity: 'info', text: scope.said }] : [];
}

/** The dimensions whose values identify a single person or what one person did. */
const PERSONAL = ['user', 'session', 'run'];

/** Whether the values of this dimension may be shown. */
export function isDimensionVisible(scope: ViewerScope, dimension: string): boolean {
  return scope.kind !== 'totals' || !PERSONAL.includes(dimension);
}

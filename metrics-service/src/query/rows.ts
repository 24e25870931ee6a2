import type { ViewerScope } from '../access/viewer-scope.js';
import type { Window } from './buckets.js';
import type { Filter } from './filters.js';

/** What every view needs: which rows, of whom, in which window. */
export interface Rows {
  readonly window: Window;
  readonly timezone: string;
  readonly filters: readonly Filter[];
  /** the filters as the asker wrote them, before names were looked up */
  readonly given: readonly Filter[];
  readonly scope: ViewerScope;
  /** a run this long after a handoff makes it an iteration */
  readonly postHandoffMs: number;
}

export type Direction = 'asc' | 'desc';

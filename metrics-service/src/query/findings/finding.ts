import type { BothWindows } from '../both-windows.js';
import type { QuestionContext } from '../context.js';
import type { Target } from '../links.js';
import type { Rows } from '../rows.js';
import type { Place } from './places.js';

/** One thing to look at. */
export interface Finding {
  readonly what: string;
  /** epoch ms; null: it has no beginning, or none that is known */
  readonly since: number | null;
  /** the runs that it is about; null: it is not about runs */
  readonly runs: number | null;
  /** what is at stake in US dollars; null: unknown, or it is not about money */
  readonly money: number | null;
  readonly to: Target | null;
}

/** What several kinds read; each is read once. */
export interface Facts {
  readonly rows: Rows;
  readonly both: BothWindows;
  /** this window by team, by repository and by model */
  readonly places: () => Promise<readonly Place[]>;
}

/** A rule that finds things to look at (docs/findings.md). */
export interface FindingKind {
  readonly id: string;
  /** as it is shown */
  readonly title: string;
  readonly find: (context: QuestionContext, facts: Facts) => Promise<readonly Finding[]>;
}

/** A kind gives at most so many, so that the others have room beside it. */
export const MOST_OF_A_KIND = 3;

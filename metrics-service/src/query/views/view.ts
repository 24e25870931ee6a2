import type { DimensionName } from '../../catalogue/index.js';
import type { Notice } from '../../contract/frames.js';
import type { Query } from '../../contract/query.js';
import type { Interval } from '../buckets.js';
import type { Context } from '../evaluate.js';
import type { FrameBody } from '../frames.js';
import type { ListColumn } from '../statements/list.js';
import type { Defaults, Rows } from '../plan.js';

export interface Answer {
  readonly frames: readonly FrameBody[];
  readonly notices: readonly Notice[];
  /** of a series: that of its points */
  readonly interval?: Interval;
}

/** A query that was found answerable. */
export interface Planned {
  readonly rows: Rows;
  /** `rows` again, with the names in its user filters resolved to ids */
  answer(context: Context, rows: Rows): Promise<Answer>;
}

/** One way to answer a query. */
export interface View {
  readonly name: string;
  readonly title: string;
  /** the members of a query that it uses, besides refId, view, from, to and timezone */
  readonly members: readonly (keyof Query)[];
  /** the filters that it takes; null: those that all its metrics take */
  readonly filters: readonly DimensionName[] | null;
  /** of a list: what it can be put in order by */
  readonly columns?: readonly ListColumn[];
  /** Pure; refuses with InvalidQuery what cannot be answered. */
  plan(query: Query, defaults: Defaults): Planned;
}

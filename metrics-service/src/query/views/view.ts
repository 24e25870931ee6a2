import type { DimensionName } from '../../catalogue/index.js';
import type { Notice } from '../../contract/frames.js';
import type { Query } from '../../contract/query.js';
import type { Interval } from '../buckets.js';
import type { QuestionContext, Settings } from '../context.js';
import type { FrameBody } from '../frames.js';
import type { Question } from '../question.js';
import type { ListColumn } from '../statements/list.js';
import type { Rows } from '../rows.js';

/** What a view will ask, as data: found without the database. */
export interface Planned {
  readonly rows: Rows;
}

export interface ViewAnswer {
  readonly frames: readonly FrameBody[];
  readonly notices: readonly Notice[];
  /** the interval of a series */
  readonly interval?: Interval;
}

/** One way to ask: a plan, and frames for it. */
export interface View<Plan extends Planned = Planned> {
  readonly name: string;
  readonly title: string;
  /** the members of a query that it uses, besides refId, view, from, to and timezone */
  readonly members: readonly (keyof Query)[];
  /** the filters that it takes; null: those that all its metrics take */
  readonly filters: readonly DimensionName[] | null;
  /** of a list: what it can be put in order by */
  readonly columns?: readonly ListColumn[];
  /** What to ask. Pure: the same question and settings make the same plan. @throws InvalidQuery */
  plan(question: Question, settings: Settings): Plan;
  answer(context: QuestionContext, plan: Plan): Promise<ViewAnswer>;
}

import type { DimensionName } from '../../catalogue/index.js';
import type { Notice } from '../../contract/frames.js';
import type { Query } from '../../contract/query.js';
import type { Interval } from '../buckets.js';
import type { QuestionContext, Settings } from '../context.js';
import type { FrameBody } from '../frames.js';
import type { Reason } from '../reasons.js';
import type { Question } from '../question.js';
import type { ListColumn } from '../statements/list.js';
import type { Earlier } from '../compare.js';
import type { Rows } from '../rows.js';

/** What a view will ask, as data; made without the database. */
export interface Planned {
  readonly rows: Rows;
}

export interface Compared extends Earlier {
  /** whether the earlier window begins before the first event that is kept: then no change is told */
  readonly isCutOff: boolean;
}

export interface ViewAnswer {
  readonly frames: readonly FrameBody[];
  readonly notices: readonly Notice[];
  /** why there is nothing in it; absent or null if there is something */
  readonly reason?: Reason | null;
  /** what it is compared with, and whether changes can be told */
  readonly compared?: Compared | null;
  /** the interval of a series */
  readonly interval?: Interval;
}

/** One kind of question: how to plan it, and how to make frames of the answer. */
export interface View<Plan extends Planned = Planned> {
  readonly name: string;
  readonly title: string;
  /** the query members that it uses, besides refId, view, from, to and timezone */
  readonly members: readonly (keyof Query)[];
  /** the filters that it takes; null: those that all its metrics take */
  readonly filters: readonly DimensionName[] | null;
  /** drawn as a table, which in Grafana says in words why it has no rows */
  readonly saysWhyEmpty?: true;
  /** as of now, whatever the window */
  readonly isOfNow?: true;
  /** for a list: the columns it can be sorted by */
  readonly columns?: readonly ListColumn[];
  /** Plans a question. Pure: the same question and settings give the same plan. @throws InvalidQuery */
  plan(question: Question, settings: Settings): Plan;
  answer(context: QuestionContext, plan: Plan): Promise<ViewAnswer>;
}

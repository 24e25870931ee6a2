import type { Notice } from '../../contract/frames.js';
import type { DimensionName } from '../../catalogue/index.js';
import type { QuestionContext } from '../context.js';
import type { Filter } from '../filters.js';
import { planRows } from '../plan.js';
import { whyNothing, type Reason } from '../reasons.js';
import type { ListColumn, Page, ListRow, RowColumn } from '../statements/list.js';
import type { Statement } from '../sql/statement.js';
import { cutNotices, listColumns, planPage } from './list.js';
import type { Planned, View } from './view.js';
import type { Rows } from '../rows.js';

/** Declares a list: its columns, the filters it takes, and the statement for a page. */
export interface ListSource {
  readonly name: string;
  /** one of its rows: `run` */
  readonly what: string;
  readonly title: string;
  readonly columns: readonly RowColumn[];
  /** further columns, which depend on the rows; and the one of that name, to order by */
  readonly more?: {
    columns(context: QuestionContext, rows: Rows): Promise<{ columns: ListColumn[]; notices: Notice[] }>;
    order(name: string): RowColumn | undefined;
  };
  /** what a reader of these rows might misread */
  readonly notices?: (rows: Rows) => readonly Notice[];
  /** why there is nothing, where it is for another reason than for other lists */
  readonly whyNone?: (context: QuestionContext, rows: Rows) => Promise<Reason | null>;
  /** its rows have no id that one could go on after */
  readonly hasNoId?: true;
  /** the default sort column */
  readonly by: string;
  readonly filters: readonly DimensionName[];
  /** refuses filters that it does not support */
  check(filters: readonly Filter[]): void;
  /** a page, and the number of rows in all, where that is known without reading all; else null */
  quickPage?(
    context: QuestionContext,
    rows: Rows,
    page: Page,
  ): Promise<{ rows: readonly ListRow[]; all: number } | null>;
  /** the columns by name, and `found`: the number of rows regardless of the limit */
  statement(orgId: string, rows: Rows, page: Page): Statement;
}

export interface ListPlan extends Planned {
  readonly page: Page;
}

/** A list that is read in pages; an export has all of it. */
export interface ListView extends View<ListPlan> {
  readonly columns: readonly RowColumn[];
  readonly hasNoId: boolean;
  /** all columns of the plan's rows, in order */
  allColumns(context: QuestionContext, plan: ListPlan): Promise<{ columns: ListColumn[]; notices: Notice[] }>;
  /** the rows of the plan: all, or at most `limit`; with `after` in order of their ids, from the next greater one on */
  allRows(context: QuestionContext, plan: ListPlan, part: { limit?: number; after?: string | null }): Statement;
}

export function listView(source: ListSource): ListView {
  const { name, what, title, columns, filters, more } = source;
  const allColumns: ListView['allColumns'] = async (context, { rows }) => {
    const found = (await more?.columns(context, rows)) ?? { columns: [], notices: [] };
    return { ...found, columns: [...columns, ...found.columns] };
  };
  return {
    name,
    title,
    columns,
    filters,
    hasNoId: source.hasNoId ?? false,
    saysWhyEmpty: true,
    members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
    plan(question, settings) {
      const rows = planRows(question, settings);
      source.check(rows.filters);
      const ordered = more?.order(question.orderBy ?? '') ?? [];
      return { rows, page: planPage(question, { columns: [columns, ordered].flat(), by: source.by, what: name }) };
    },
    allColumns,
    async answer(context, plan) {
      const { rows, page } = plan;
      const quick = await source.quickPage?.(context, rows, page);
      const found: readonly ListRow[] = quick?.rows ?? (await context.ask(source.statement(context.orgId, rows, page)));
      const all = quick?.all ?? Number(found[0]?.found ?? found.length);
      const shown = await allColumns(context, plan);
      const reason =
        found.length === 0 && page.offset === 0
          ? ((await source.whyNone?.(context, rows)) ?? (await whyNothing(context, rows, what)))
          : null;
      return {
        reason,
        frames: [{ visualisation: 'table', columns: listColumns(shown.columns, found) }],
        notices: [...cutNotices(found.length, page.offset, all), ...shown.notices, ...(source.notices?.(rows) ?? [])],
      };
    },
    allRows({ orgId }, { rows, page }, { limit = Number.MAX_SAFE_INTEGER, after = null }) {
      const byId = after === null ? {} : ({ order: columns[0]!, direction: 'asc', after } as const);
      return source.statement(orgId, rows, { ...page, ...byId, limit });
    },
  };
}

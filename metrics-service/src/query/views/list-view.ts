import type { DimensionName } from '../../catalogue/index.js';
import type { QuestionContext } from '../context.js';
import type { Filter } from '../filters.js';
import { planRows } from '../plan.js';
import type { Page, Row, RowColumn } from '../statements/list.js';
import type { Statement } from '../sql/statement.js';
import { cutNotices, listColumns, planPage } from './list.js';
import type { Planned, View } from './view.js';
import type { Rows } from '../rows.js';

/** Declares a list: its columns, the filters it takes, and the statement for a page. */
export interface ListSource {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly RowColumn[];
  /** the default sort column */
  readonly by: string;
  readonly filters: readonly DimensionName[];
  /** refuses filters that it does not support */
  check(filters: readonly Filter[]): void;
  /** the columns by name, and `found`: the number of rows regardless of the limit */
  statement(orgId: string, rows: Rows, page: Page): Statement;
}

export interface ListPlan extends Planned {
  readonly page: Page;
}

/** A list that is read in pages; an export has all of it. */
export interface ListView extends View<ListPlan> {
  readonly columns: readonly RowColumn[];
  /** the rows of the plan: all, or at most `limit`; with `after` in order of their ids, from the next greater one on */
  allRows(context: QuestionContext, plan: ListPlan, part: { limit?: number; after?: string | null }): Statement;
}

export function listView(source: ListSource): ListView {
  const { name, title, columns, filters } = source;
  return {
    name,
    title,
    columns,
    filters,
    members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
    plan(question, settings) {
      const rows = planRows(question, settings);
      source.check(rows.filters);
      return { rows, page: planPage(question, { columns, by: source.by, what: name }) };
    },
    async answer(context, { rows, page }) {
      const found: readonly Row[] = await context.ask(source.statement(context.orgId, rows, page));
      const all = Number(found[0]?.found ?? found.length);
      return {
        frames: [{ visualisation: 'table', columns: listColumns(columns, found) }],
        notices: cutNotices(found.length, page.offset, all),
      };
    },
    allRows({ orgId }, { rows, page }, { limit = Number.MAX_SAFE_INTEGER, after = null }) {
      const byId = after === null ? {} : ({ order: columns[0]!, direction: 'asc', after } as const);
      return source.statement(orgId, rows, { ...page, ...byId, limit });
    },
  };
}

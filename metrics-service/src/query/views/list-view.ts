import type { DimensionName } from '../../catalogue/index.js';
import type { Query } from '../../contract/query.js';
import { run } from '../evaluate.js';
import { planRows, type Defaults, type Filter, type Rows } from '../plan.js';
import type { ListColumn, ListPage } from '../statements/list.js';
import type { Statement } from '../statements/statement.js';
import { cutNotices, listColumns, planPage } from './list.js';
import type { View } from './view.js';

/** What makes a list: its columns, the filters it takes, and the statement of a page. */
export interface ListSource<Of extends ListColumn> {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Of[];
  /** the column that it is put in order by where a query names none */
  readonly by: string;
  readonly filters: readonly DimensionName[];
  /** refuses filters that it does not take */
  check(filters: readonly Filter[]): void;
  /** the columns by name, and `found`: how many rows there are without the page's limit */
  statement(orgId: string, rows: Rows, page: ListPage<Of>): Statement;
}

/** A list of which a part is asked for: all of it is what an export has. */
export interface ListView extends View {
  readonly columns: readonly ListColumn[];
  /** all rows that a query asks for, whatever their number; `limit` holds where it is given */
  planAll(query: Query, defaults: Defaults): { rows: Rows; statement(orgId: string, resolved: Rows): Statement };
}

export function listView<Of extends ListColumn>(source: ListSource<Of>): ListView {
  const { name, title, columns, filters } = source;
  const planned = (query: Query, defaults: Defaults): Rows => {
    const rows = planRows(query, defaults);
    source.check(rows.filters);
    return rows;
  };
  return {
    name,
    title,
    columns,
    filters,
    members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
    plan(query, defaults) {
      const rows = planned(query, defaults);
      const page = planPage(query, { columns, by: source.by, what: name });
      return {
        rows,
        async answer(context, resolved) {
          const found = await run(context, source.statement(context.tx.orgId, resolved, page));
          const all = Number(found[0]?.found ?? found.length);
          return {
            frames: [{ visualisation: 'table', columns: listColumns(columns, found) }],
            notices: cutNotices(found.length, page.offset, all),
          };
        },
      };
    },
    planAll(query, defaults) {
      const rows = planned(query, defaults);
      const page = planPage({ ...query, limit: null }, { columns, by: source.by, what: name });
      const limit = query.limit ?? Number.MAX_SAFE_INTEGER;
      return { rows, statement: (orgId, resolved) => source.statement(orgId, resolved, { ...page, limit }) };
    },
  };
}

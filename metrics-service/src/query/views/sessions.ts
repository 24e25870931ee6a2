import { findMetric } from '../../catalogue/index.js';
import activeSessions from '../../catalogue/metrics/active_sessions.js';
import { run } from '../evaluate.js';
import { flagColumn, numberColumn, textColumn, timeColumn, type Column } from '../frames.js';
import { InvalidQuery, unknownName } from '../invalid.js';
import { pageText } from '../notices.js';
import { checkTakes, planDirection, planRows, type Direction } from '../plan.js';
import { SESSION_COLUMNS, sessionsListStatement, type SessionColumn } from '../statements/sessions-list.js';
import { metricConfig } from './metric-fields.js';
import type { View } from './view.js';

const DEFAULT_ROWS = 100;
const MAX_ROWS = 10_000;

/** The sessions that are active in the window, one row each. */
export const sessions: View = {
  name: 'sessions',
  title: 'Sessions list',
  members: ['filters', 'orderBy', 'direction', 'limit', 'offset'],
  plan(query, defaults) {
    const rows = planRows(query, defaults);
    checkTakes(activeSessions, [], rows.filters);
    const orderBy = query.orderBy || 'last_active_at';
    const order = SESSION_COLUMNS.find(({ name }) => name === orderBy);
    if (!order) {
      throw unknownName(
        'orderBy',
        orderBy,
        SESSION_COLUMNS.map(({ name }) => name),
      );
    }
    const limit = query.limit ?? DEFAULT_ROWS;
    if (limit > MAX_ROWS) throw new InvalidQuery(`limit of sessions must be at most 10,000, not ${limit}`);
    const direction: Direction = planDirection(query);
    const offset = query.offset ?? 0;
    return {
      rows,
      interval: null,
      async answer(context, resolved) {
        const page = { order, direction, limit, offset };
        const found = await run(context, sessionsListStatement(context.tx.orgId, resolved, page));
        const columns = SESSION_COLUMNS.map((column) =>
          sessionColumn(
            column,
            found.map((row) => row[column.name] ?? null),
          ),
        );
        const all = Number(found[0]?.found ?? found.length);
        const isCut = all > found.length;
        const text = pageText(found.length, offset, all, '');
        return { frames: [{ columns }], notices: isCut ? [{ severity: 'info', text }] : [] };
      },
    };
  },
};

function sessionColumn({ name, type, title, unit }: SessionColumn, values: unknown[]): Column {
  const metric = findMetric(name);
  const config = metric ? metricConfig(metric) : { displayNameFromDS: title ?? name, ...(unit ? { unit } : {}) };
  if (type === 'time') return timeColumn(name, values as number[], config);
  if (type === 'number') return numberColumn(name, values as number[], { config });
  if (type === 'flag') return flagColumn(name, values as boolean[], config);
  return textColumn(name, values as string[], config);
}

import { numberColumn, type FrameColumn, type FrameBody } from './frames.js';

/** The paths of the boards of dashboards/ in a Grafana, which puts its own path before a leading slash. */
const SESSION_BOARD = '/d/runboard-session';
export const SESSIONS_BOARD = 'd/runboard-sessions';

/** The boards' filter value for rows without a user. */
const NONE = '(none)';

type Link = { title: string; url: string };

/**
 * Adds links for a person in Grafana: sessions, users and spans lead to the boards, with the data source of that uid.
 * Grafana fills in the values, escaped for a URL.
 */
export function withLinks(body: FrameBody, uid: string): FrameBody {
  const { columns } = body;
  const source = `var-datasource=${encodeURIComponent(uid)}`;
  const has = (name: string): boolean => columns.some(({ field }) => field.name === name);
  const linked = columns.map((column) => {
    const { name } = column.field;
    if (name === 'session') {
      const url = `${SESSION_BOARD}?\${__url_time_range}&${source}&var-session=\${__value.raw:percentencode}`;
      return withConfig(column, { links: [{ title: 'Open the session', url }] });
    }
    if (name === 'user' && has('user_id')) {
      const url = `/${SESSIONS_BOARD}?\${__url_time_range}&${source}&var-user=\${__data.fields.user_id:percentencode}`;
      return withConfig(column, { links: [{ title: 'Sessions of this user', url }] });
    }
    // only what begins with http is stored; where no row has one there is nothing to open
    if (name === 'url' && column.values.some((value) => value !== null)) {
      return withConfig(column, { links: [{ title: 'Open the page', url: '${__value.raw}' }] });
    }
    if (name === 'link' && has('check')) {
      // its own path stands behind a slash, before which Grafana puts where it is served
      const url = `/\${__value.raw:raw}&\${__url_time_range}&${source}`;
      return withConfig(column, { links: [{ title: 'Show them', url }] });
    }
    // so that a row without a user links to the other rows without one
    if (name === 'user_id') return withConfig(column, { noValue: NONE });
    return name === 'spanID' ? withConfig(column, { links: [spanLink(source)] }) : column;
  });
  return { ...body, columns: has('spanID') ? [...linked, endTimes(columns)] : linked };
}

/** The session's board, with the span as its time range. */
function spanLink(source: string): Link {
  const range = 'from=${__data.fields.startTime.numeric}&to=${__data.fields.endTime.numeric}';
  const url = `${SESSION_BOARD}?${range}&${source}&var-session=\${__data.fields.traceID:percentencode}`;
  return { title: 'Only this, on the board of the session', url };
}

/** When each span's range ends; no range is empty, not even a handoff's. */
function endTimes(columns: readonly FrameColumn[]): FrameColumn {
  const valuesOf = (name: string) => columns.find(({ field }) => field.name === name)!.values as readonly number[];
  const [starts, durations] = [valuesOf('startTime'), valuesOf('duration')];
  const ends = starts.map((start, index) => start + Math.max(durations[index]!, 1));
  return numberColumn('endTime', ends, { config: { unit: 'dateTimeAsIso' } });
}

function withConfig({ field, values }: FrameColumn, config: { links: Link[] } | { noValue: string }): FrameColumn {
  return { field: { ...field, config: { ...field.config, ...config } }, values };
}

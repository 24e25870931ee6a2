import { numberColumn, type Column, type FrameBody } from './frames.js';

/** The boards of dashboards/, by their addresses in a Grafana, which puts its own path before a leading slash. */
const SESSION_BOARD = '/d/runboard-session';
const SESSIONS_BOARD = '/d/runboard-sessions';

/** As the filters of the boards name those without a user. */
const NONE = '(none)';

type Link = { title: string; url: string };

/**
 * A frame for a person in a Grafana: sessions, users and spans lead to the boards, which ask the data source with that
 * uid. Grafana puts the values in, fit for an address whatever they are made of.
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
      const url = `${SESSIONS_BOARD}?\${__url_time_range}&${source}&var-user=\${__data.fields.user_id:percentencode}`;
      return withConfig(column, { links: [{ title: 'Sessions of this user', url }] });
    }
    // so that the link of a row without a user leads to the others without one
    if (name === 'user_id') return withConfig(column, { noValue: NONE });
    return name === 'spanID' ? withConfig(column, { links: [spanLink(source)] }) : column;
  });
  return { ...body, columns: has('spanID') ? [...linked, endTimes(columns)] : linked };
}

/** The session's board with the range of the span. */
function spanLink(source: string): Link {
  const range = 'from=${__data.fields.startTime.numeric}&to=${__data.fields.endTime.numeric}';
  const url = `${SESSION_BOARD}?${range}&${source}&var-session=\${__data.fields.traceID:percentencode}`;
  return { title: 'Only this, on the board of the session', url };
}

/** When each span ends; no range is empty, not even that of a handoff. */
function endTimes(columns: readonly Column[]): Column {
  const valuesOf = (name: string) => columns.find(({ field }) => field.name === name)!.values as readonly number[];
  const [starts, durations] = [valuesOf('startTime'), valuesOf('duration')];
  const ends = starts.map((start, index) => start + Math.max(durations[index]!, 1));
  return numberColumn('endTime', ends, { config: { unit: 'dateTimeAsIso' } });
}

function withConfig({ field, values }: Column, config: { links: Link[] } | { noValue: string }): Column {
  return { field: { ...field, config: { ...field.config, ...config } }, values };
}

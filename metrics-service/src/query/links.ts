import { NONE } from '../contract/query.js';
import type { Window } from './buckets.js';
import { numberColumn, textColumn, type FrameColumn, type FrameBody } from './frames.js';
import type { Reason } from './reasons.js';
import type { Rows } from './rows.js';

/** The paths of the boards of dashboards/ in a Grafana, which puts its own path before a leading slash. */
const SESSION_BOARD = '/d/runboard-session';
const SESSIONS_BOARD = 'd/runboard-sessions';
const WORK_ITEM_BOARD = '/d/runboard-work-item';
const WORK_ITEMS_BOARD = '/d/runboard-work-items';
const AGENT_BOARD = '/d/runboard-agent';
const OVERVIEW_BOARD = '/d/runboard-overview';

/** The variables that all boards filter by, and those of the sessions board besides. */
const SHARED = ['team', 'user', 'repo', 'runtime', 'model'];
const OF_SESSIONS = ['status', 'failure_category', 'local_handoff', 'post_handoff_iteration'];

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
      return withConfig(column, { links: [{ title: 'Open session ${__value.text}', url }] });
    }
    if (name === 'run' && has('session')) {
      const ofRun = `var-session=\${__data.fields.session:percentencode}&var-run=\${__value.raw:percentencode}`;
      const url = `${SESSION_BOARD}?\${__url_time_range}&${source}&${ofRun}`;
      return withConfig(column, { links: [{ title: 'Open run ${__value.text} in its session', url }] });
    }
    if (name === 'work_item' && column.values.some((value) => value !== null)) {
      const url = `${WORK_ITEM_BOARD}?\${__url_time_range}&${source}&var-work_item=\${__value.raw:percentencode}`;
      return withConfig(column, { links: [{ title: 'Open work item ${__value.text}', url }] });
    }
    if (name === 'epic' && column.values.some((value) => value !== null)) {
      const url = `${WORK_ITEMS_BOARD}?\${__url_time_range}&${source}&var-epic=\${__value.raw:percentencode}`;
      return withConfig(column, { links: [{ title: 'Work items of ${__value.text}', url }] });
    }
    if (name === 'agent' && column.values.some((value) => value !== null)) {
      const url = `${AGENT_BOARD}?\${__url_time_range}&${source}&var-agent=\${__value.raw:percentencode}`;
      return withConfig(column, { links: [{ title: 'Open agent ${__value.text}', url }] });
    }
    if (name === 'user' && has('user_id')) {
      const url = `/${SESSIONS_BOARD}?\${__url_time_range}&${source}&var-user=\${__data.fields.user_id:percentencode}`;
      return withConfig(column, { links: [{ title: 'Sessions of ${__value.text}', url }] });
    }
    // only what begins with http is stored; where no row has one there is nothing to open
    if (name === 'url' && column.values.some((value) => value !== null)) {
      return withConfig(column, { links: [{ title: 'Open its page on the platform', url: '${__value.raw}' }] });
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

/** The way out of an empty answer, where there is one: the session or work item in its own time. */
export function reasonLink({ session, workItem }: Reason, uid: string): Link | null {
  const found = session ?? workItem;
  if (!found) return null;
  const { id, time } = found;
  const given = new URLSearchParams({ from: String(time.from), to: String(time.to), 'var-datasource': uid });
  const [board, variable] = session ? [SESSION_BOARD, 'session'] : [WORK_ITEM_BOARD, 'work_item'];
  return {
    title: 'Show it in its own time',
    url: `${board}?${given.toString()}&var-${variable}=${encodeURIComponent(id)}`,
  };
}

/** In the place of a table without rows: why there are none, which a panel would leave to a tooltip. */
export function reasonFrame(reason: Reason, uid: string): FrameBody {
  const link = reasonLink(reason, uid);
  const config = {
    displayNameFromDS: 'Nothing to show',
    custom: { wrapText: true },
    ...(link ? { links: [link] } : {}),
  };
  return { visualisation: 'table', columns: [textColumn('note', [reason.text], config)] };
}

/** The session's board, with the span as its time range. */
function spanLink(source: string): Link {
  const range = 'from=${__data.fields.startTime.numeric}&to=${__data.fields.endTime.numeric}';
  const url = `${SESSION_BOARD}?${range}&${source}&var-session=\${__data.fields.traceID:percentencode}`;
  return { title: 'Show this alone on the session board', url };
}

/** When each span's range ends; no range is empty, not even a handoff's. */
function endTimes(columns: readonly FrameColumn[]): FrameColumn {
  const valuesOf = (name: string) => columns.find(({ field }) => field.name === name)!.values as readonly number[];
  const [starts, durations] = [valuesOf('startTime'), valuesOf('duration')];
  const ends = starts.map((start, index) => start + Math.max(durations[index]!, 1));
  return numberColumn('endTime', ends, { config: { unit: 'dateTimeAsIso' } });
}

/** How a field of a row leads to what its column `link` says. */
export const SHOW_IT = { links: [{ title: 'Show it', url: '${__data.fields.link}' }] };

/** What a sentence or a row leads to: a board, in another window if it names one, filtered to more if it says so. */
export interface Target {
  readonly board: 'overview' | 'sessions' | 'session';
  /** the one session of its board */
  readonly session?: string;
  readonly window?: Window;
  readonly filters?: Filters;
}

type Filters = Readonly<Record<string, readonly string[]>>;
type Parameters = readonly (readonly [name: string, value: string])[];

/** The values that a question is filtered to; variables cannot say "all but these". */
function keptOf({ filters }: Pick<Rows, 'filters'>): ReadonlyMap<string, readonly string[]> {
  const positive = filters.filter(({ negated }) => !negated);
  return new Map(positive.map(({ dimension, none, values }) => [dimension.name, none ? [...values, NONE] : values]));
}

/** The variables of a board that are set: by these filters, else by those of the question. */
function chosenOf(
  names: readonly string[],
  filters: Filters,
  kept: ReadonlyMap<string, readonly string[]>,
): Parameters {
  return names.flatMap((name) =>
    (filters[name] ?? kept.get(name) ?? []).map((value) => [`var-${name}`, value] as const),
  );
}

function addressOf(parameters: Parameters): string {
  return parameters.map(([name, value]) => `${name}=${inUrl(value)}`).join('&');
}

/** The boards for a person in Grafana, with the data source, window and filters of a question. */
export interface Boards {
  /** the address of a target, safe in Markdown */
  url(target: Target): string;
}

/**
 * The path of the list of sessions in a Grafana, without its leading slash, data source and range: those of the question
 * that pass these filters, too.
 */
export function sessionsPath(filters: Filters, rows: Pick<Rows, 'filters'>): string {
  return `${SESSIONS_BOARD}?${addressOf(chosenOf([...SHARED, ...OF_SESSIONS], filters, keptOf(rows)))}`;
}

const A_MINUTE_MS = 60_000;

/** @param uid the data source's */
export function boardsOf(uid: string, rows: Pick<Rows, 'window' | 'filters'>): Boards {
  const kept = keptOf(rows);
  return {
    url({ board, session, window = rows.window, filters = {} }) {
      const path = { overview: OVERVIEW_BOARD, sessions: `/${SESSIONS_BOARD}`, session: SESSION_BOARD }[board];
      const names = board === 'session' ? [] : board === 'sessions' ? [...SHARED, ...OF_SESSIONS] : SHARED;
      const range = board === 'session' ? { from: window.from - A_MINUTE_MS, to: window.to + A_MINUTE_MS } : window;
      const parameters: Parameters = [
        ['from', String(range.from)],
        ['to', String(range.to)],
        ['var-datasource', uid],
        ...chosenOf(names, filters, kept),
        ...(session === undefined ? [] : [['var-session', session] as const]),
        ...(board === 'sessions' ? [['var-sort', 'total_cost'] as const] : []),
      ];
      return `${path}?${addressOf(parameters)}`;
    },
  };
}

/** Also what Markdown would take for the end of a link. */
function inUrl(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(/[()'*!~]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

function withConfig({ field, values }: FrameColumn, config: { links: Link[] } | { noValue: string }): FrameColumn {
  return { field: { ...field, config: { ...field.config, ...config } }, values };
}

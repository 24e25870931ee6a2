import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { DashboardLinkBuilder, DashboardLinkType, type DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import { SHARED } from './variables.js';

export const OVERVIEW = 'runboard-overview';
export const FLEET = 'runboard-fleet';
export const SESSIONS = 'runboard-sessions';
export const SESSION = 'runboard-session';
export const RUNS = 'runboard-runs';
export const WORK_ITEMS = 'runboard-work-items';
export const WORK_ITEM = 'runboard-work-item';
export const AGENTS = 'runboard-agents';
export const AGENT = 'runboard-agent';
export const COST = 'runboard-cost';
export const BUDGETS = 'runboard-budgets';
export const COMPARE = 'runboard-compare';
export const DATA_QUALITY = 'runboard-data-quality';
export const PERFORMANCE = 'runboard-performance';
export const PUBLIC = 'runboard-public';

/** A data link: Grafana puts its own path before an address that begins with a slash. */
export interface Link {
  readonly title: string;
  readonly url: string;
  readonly targetBlank?: boolean;
  /** goes there without a menu */
  readonly oneClick?: boolean;
}

interface To {
  readonly title: string;
  /** variables that this link sets, by the text of their value */
  readonly set?: Readonly<Record<string, string>>;
  /** variables of this board that go along besides the shared ones */
  readonly keep?: readonly string[];
  /** shared variables that do not go along */
  readonly without?: readonly string[];
  /** another range than this board's */
  readonly range?: string;
}

const THIS_RANGE = '${__url_time_range}';

/** A link to a board with this one's range, data source and filters; what is set replaces its variable. */
export function toBoard(uid: string, { title, set = {}, keep = [], without = [], range = THIS_RANGE }: To): Link {
  const kept = ['datasource', ...SHARED, ...keep].filter(
    (name) => !Object.hasOwn(set, name) && !without.includes(name),
  );
  const parameters = [
    range,
    ...kept.map((name) => `\${${name}:queryparam}`),
    ...Object.entries(set).map(([name, value]) => `var-${name}=${value}`),
  ];
  return { title, url: `/d/${uid}?${parameters.join('&')}` };
}

/** The range of a point or bar: the query has `bounds`. */
export const OF_POINT = 'from=${__value.time}&to=${__data.fields.until.numeric}&timezone=${__timezone}';

/** The text of another field of the row, fit for an address. */
export function field(name: string): string {
  return `\${__data.fields.${name}:percentencode}`;
}

/** A link at the top of a board to another, with range and variables. */
export function boardLink(title: string, uid: string): Builder<DashboardLink> {
  const link = new DashboardLinkBuilder(title).type(DashboardLinkType.Link).icon('dashboard').url(`/d/${uid}`);
  return inSight(link.keepTime(true).includeVars(true));
}

/** The builder would put the link into the menu of controls. */
export function inSight(link: DashboardLinkBuilder): Builder<DashboardLink> {
  return {
    build: () => {
      const shown = link.build();
      delete shown.placement;
      return shown;
    },
  };
}

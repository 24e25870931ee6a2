import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { DashboardLinkBuilder, DashboardLinkType, type DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import { inSight } from './links.js';
import { CHOSEN, type Setting } from './query.js';
import { filteredBy, SHARED } from './variables.js';

/** What the boards with lists are filtered by besides the shared filters: by values, and by yes or no. */
export const LISTS = ['status', 'failure_category', 'agent'];
export const FLAGS = ['local_handoff', 'post_handoff_iteration'];
const FILTERS = [...SHARED, ...LISTS, ...FLAGS];

export const LISTED: Setting = { datasource: CHOSEN, filters: filteredBy(FILTERS) };

/** How many rows are loaded. */
export const ROWS = { label: 'Rows', options: ['100', '1000', '10000'].map((rows) => [rows, rows] as const) };

/** The list as a file, all of it: what the filters let pass, in the order of the list. */
export function download(view: 'sessions' | 'runs', order: string): Builder<DashboardLink> {
  const parameters = [
    'from=${__from}&to=${__to}&timezone=${__timezone}',
    ...FILTERS.map((name) => `\${${name}:queryparam}`),
    order,
    // Excel on Windows would take it for another encoding
    'bom=true&headings=units',
  ];
  return inSight(
    new DashboardLinkBuilder('Download as CSV')
      .type(DashboardLinkType.Link)
      .icon('doc')
      .tooltip(`All ${view} that the filters let pass, in the order of the list`)
      .url(`/api/datasources/uid/\${datasource}/resources/export/${view}.csv?${parameters.join('&')}`)
      .targetBlank(true),
  );
}

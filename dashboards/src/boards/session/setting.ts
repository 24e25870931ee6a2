import { field, SESSION, toBoard, type Link } from '../../links.js';
import { CHOSEN, type Setting } from '../../query.js';
import { link } from '../../tables.js';
import { filteredBy, SHARED } from '../../variables.js';
import { FIRST } from '../runs.js';
import { OWN, OWN_FILTERS } from '../sessions.js';

/** One session, and nothing while none is chosen: the empty text is nobody's id. */
export const ROWS: Setting = { datasource: CHOSEN, filters: { session: ['$session', ''] }, live: true };
export const ONE: Setting = { datasource: CHOSEN, filters: filteredBy(['session']), live: true };
/** The same for a run of it. */
export const RUN: Setting = { ...ROWS, filters: { ...ROWS.filters, run: ['$run', ''] } };

export const FILTERS = [...SHARED, ...OWN_FILTERS];
/** Not live: it would be asked again for ever, on the board of a session that ended long ago, too. */
export const LATEST: Setting = { datasource: CHOSEN, filters: filteredBy(FILTERS) };

export const PANELS = {
  numbers: 1,
  who: 2,
  latest: 3,
  runsOverTime: 4,
  activity: 5,
  runs: 6,
  models: 7,
  handoffs: 8,
  timeline: 9,
  spent: 11,
  failed: 12,
  run: 13,
  byTool: 14,
  files: 15,
  toolCalls: 16,
} as const;

export const KEPT = [...OWN, FIRST];
export const here = (
  title: string,
  more: Omit<Parameters<typeof toBoard>[1], 'title' | 'keep'>,
  keep: string[] = [],
): Link => toBoard(SESSION, { title, ...more, keep: [...KEPT, ...keep] });

/** Where a run leads: to itself, in this range. */
export const THE_RUN = link(here('Show run ${__value.text}', { set: { run: field('run') } }, ['session']));

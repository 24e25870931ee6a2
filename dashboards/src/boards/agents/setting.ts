import { AGENT, AGENTS, field, RUNS, toBoard, type Link } from '../../links.js';
import { CHOSEN, type Setting } from '../../query.js';
import { filteredBy } from '../../variables.js';

/** What runs, closed work items and escalations can all be filtered by: of a closed item it is its last run's. */
export const OF_AGENTS = ['project', 'work_item_type', 'role', 'runtime', 'model'];

/** Runs that name their agent, what these closed, and where they called for a person. */
export const ALL: Setting = {
  datasource: CHOSEN,
  filters: { ...filteredBy(OF_AGENTS), agent: { not: ['(none)'] } },
};

/** One agent, and nothing while none is chosen: the empty text is nobody's name. */
export const ONE: Setting = { datasource: CHOSEN, filters: { ...filteredBy(OF_AGENTS), agent: ['$agent', ''] } };

/** What the boards of agents have besides the shared filters. */
export const KEPT = ['project', 'work_item_type', 'role'];

export const openAgent: Link = toBoard(AGENT, {
  title: 'Open agent ${__value.text}',
  set: { agent: field('agent') },
  keep: KEPT,
});
export const agentsWith = (title: string, set: Record<string, string>): Link =>
  toBoard(AGENTS, { title, set, keep: KEPT });
export const runsOf = (title: string, set: Record<string, string>): Link => toBoard(RUNS, { title, set });

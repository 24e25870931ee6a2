import { RUNS, toBoard, type Link } from '../../links.js';
import { CHOSEN, type Setting } from '../../query.js';
import { choice, filteredBy, SHARED } from '../../variables.js';

/** The variable that says what is compared. */
export const OF = 'of';
export const ofVariable = choice(OF, 'Compare', [
  ['Models', 'model'],
  ['Runtimes', 'runtime'],
  ['Agents', 'agent'],
]);
/** What these are called in an answer; there is one of them. */
export const CALLED = ['Model', 'Runtime', 'Agent'];

/** What kind of work it is. */
export const OF_WORK = ['task_type', 'project', 'work_item_type', 'role'];

/** The variable with the role that is there or not. */
export const WITH = { name: 'with', label: 'With and without' } as const;

/** Runs for which it is known. */
export const SETTING: Setting = { datasource: CHOSEN, filters: filteredBy([...SHARED, ...OF_WORK]) };

export const PANELS = {
  list: 1,
  points: 2,
  duration: 3,
  cost: 4,
  tasks: 5,
  daily: 6,
  success: 7,
  work_items: 8,
  sessions: 9,
} as const;

/** To the runs behind a row: what is compared is a variable of that board, too. */
export const runsOfRow: Link = toBoard(RUNS, {
  title: 'Runs of ${__value.text}',
  set: { ['${of}']: '${__value.raw:percentencode}' },
  without: ['model', 'runtime'],
});

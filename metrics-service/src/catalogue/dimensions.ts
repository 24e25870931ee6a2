import type { Column, Expression } from './columns.js';
import { column, personOf, REPO, STAGE, WORK_ITEM } from './columns.js';
import type { BaseName } from './measure.js';

interface DimensionSource {
  readonly title: string;
  readonly definition: string;
  /** its SQL for run metrics, where `u` is the run's user */
  readonly run?: Column | Expression;
  /** its SQL for session metrics, where `u` is the session's creator. Runs have all attributes of sessions */
  readonly session?: Column | Expression;
  /** the only base that takes it, if it belongs not to runs but to their parts or phases */
  readonly only?: BaseName;
  /** a boolean that active sessions can be filtered by, but not grouped by */
  readonly flag?: Column;
  /** it names single runs: lists of runs can be filtered by it, and no metric takes it */
  readonly ofLists?: true;
  /** a number on the local clock, its least and greatest: runs can be grouped by it, but not filtered */
  readonly ofClock?: readonly [least: number, greatest: number];
}

/** Everything that can be grouped by or filtered on. */
const SOURCES = {
  user: {
    title: 'User',
    definition:
      'The user of the run; of a session, its creator. Shown by name, else e-mail, else id; one who is known under several ids is one.',
    run: personOf('r.user_id'),
    session: personOf('s.created_by_user_id'),
  },
  team: {
    title: 'Team',
    definition: 'The team that the user is in now, for old runs too.',
    run: 'u.team',
    session: 'u.team',
  },
  session: { title: 'Session', definition: 'The session.', run: 'r.session_id', session: 'a.session_id' },
  repo: {
    title: 'Repository',
    definition:
      'The repository of the session: `owner/name` where it was told as an address; a renamed one under its present name.',
    run: REPO,
    session: REPO,
  },
  workspace: {
    title: 'Workspace',
    definition: 'The workspace of the session.',
    run: 's.workspace',
    session: 's.workspace',
  },
  runtime: { title: 'Runtime', definition: 'The runtime of the session.', run: 's.runtime', session: 's.runtime' },
  model: { title: 'Model', definition: "The run's main model: most of its output tokens.", run: 'r.model' },
  status: {
    title: 'Status',
    definition: 'SUCCEEDED, FAILED, CANCELED or TIMEOUT; IN_FLIGHT until one of them is known.',
    run: 'r.status',
  },
  failure_category: {
    title: 'Failure category',
    definition: 'Why a FAILED run failed, `uncategorized` where nothing was said; none for other runs.',
    run: 'r.failure_category',
  },
  failure_fingerprint: {
    title: 'Failure fingerprint',
    definition:
      'What the error summaries of FAILED runs have in common: without numbers, ids, paths and quoted parts. Shown as that text; a filter takes its hash, it, or any such summary.',
    run: 'r.failure_fingerprint',
  },
  run: {
    title: 'Run',
    definition: 'The single run: lists of runs are filtered by it.',
    run: 'r.run_id',
    ofLists: true,
  },
  task_type: { title: 'Task type', definition: 'What the run was for, as reported.', run: 'r.task_type' },
  agent: { title: 'Agent', definition: 'The agent that did the run, as reported.', run: 'r.agent' },
  role: { title: 'Role', definition: 'The part that the agent played, as reported.', run: 'r.role' },
  workflow: { title: 'Workflow', definition: 'The workflow that the run was part of, as reported.', run: 'r.workflow' },
  stage: { title: 'Stage', definition: "What the run was for: its own stage, else its session's.", run: STAGE },
  work_item: {
    title: 'Work item',
    definition: "The work item that the run is about: its own, else its session's, else the one that the branch names.",
    run: WORK_ITEM,
  },
  work_item_type: { title: 'Work item type', definition: 'The type of the work item.', run: 'wi.type' },
  project: { title: 'Project', definition: 'The project of the work item.', run: 'wi.project' },
  epic: {
    title: 'Epic',
    definition: 'What the work item is part of, at the top: its topmost parent, at most 10 steps up.',
    run: 'wi.epic_id',
  },
  severity: { title: 'Severity', definition: 'How grave an escalation is.', run: 'r.severity', only: 'escalations' },
  escalation_category: {
    title: 'Escalation category',
    definition: 'Why an agent called for a person, as reported.',
    run: 'r.category',
    only: 'escalations',
  },
  tool: {
    title: 'Tool',
    definition: 'The tool that an agent called, by its name.',
    run: 'r.tool',
    only: 'tool_calls',
  },
  call_model: {
    title: 'Call model',
    definition: "The model of a run's part: a run with two models is split.",
    run: { sql: "nullif(p.model, '')", columns: ['p.model'] },
    only: 'parts',
  },
  call_phase: {
    title: 'Call phase',
    definition: "The phase that a run's call was made in, where it was told; none for sums reported per run.",
    run: { sql: "nullif(p.phase, '')", columns: ['p.phase'] },
    only: 'parts',
  },
  phase: { title: 'Phase', definition: 'A phase that the run reported.', run: 'ph.name', only: 'phases' },
  counter: {
    title: 'Counter',
    definition: "A number of the platform's own that the run reported.",
    run: 'n.name',
    only: 'counters',
  },
  hour_of_day: {
    title: 'Hour of day',
    definition: 'The hour, 0 to 23, that the local clock showed when the run, or tool call, started.',
    run: { sql: "to_char(ck.local, 'HH24')", columns: ['ck.local'] },
    ofClock: [0, 23],
  },
  day_of_week: {
    title: 'Day of week',
    definition: 'The weekday, 1 (Monday) to 7, that the local calendar showed when the run, or tool call, started.',
    run: { sql: "to_char(ck.local, 'ID')", columns: ['ck.local'] },
    ofClock: [1, 7],
  },
  source: { title: 'Source', definition: 'What sent the events: their `source`.' },
  budget: { title: 'Budget', definition: 'A limit on what runs cost. Shown by its name, else its id.' },
  local_handoff: {
    title: 'Local handoff',
    definition: 'Whether the session has a handoff to a local machine in the window.',
    flag: 'a.local_handoff',
  },
  post_handoff_iteration: {
    title: 'Post-handoff iteration',
    definition:
      "Whether a run of the session follows such a handoff within the organization's time, 24 hours by default.",
    flag: 'a.followed',
  },
} as const satisfies Record<string, DimensionSource>;

export type DimensionName = keyof typeof SOURCES;

/** A dimension with its SQL; titles and definitions are for readers. */
export interface Dimension {
  readonly name: DimensionName;
  readonly title: string;
  readonly definition: string;
  readonly run?: Expression;
  readonly session?: Expression;
  readonly only?: BaseName;
  readonly flag?: Column;
  readonly ofLists?: true;
  readonly ofClock?: readonly [least: number, greatest: number];
}

export const DIMENSIONS: readonly Dimension[] = Object.entries(SOURCES).map(
  ([name, { run, session, ...source }]: [string, DimensionSource]) => ({
    name: name as DimensionName,
    ...source,
    ...(run ? { run: expressionOf(run) } : {}),
    ...(session ? { session: expressionOf(session) } : {}),
  }),
);

function expressionOf(given: Column | Expression): Expression {
  return typeof given === 'string' ? column(given) : given;
}

const BY_NAME = new Map<string, Dimension>(DIMENSIONS.map((dimension) => [dimension.name, dimension]));

/** The dimension of that name, or undefined. */
export function findDimension(name: string): Dimension | undefined {
  return BY_NAME.get(name);
}

/** Whether it is an attribute of single runs: sessions can be filtered by it, but not grouped. */
export function isRunAttribute({ run, session, only, ofClock, ofLists }: Dimension): boolean {
  return run !== undefined && session === undefined && only === undefined && ofClock === undefined && !ofLists;
}

export interface Takes {
  readonly groups: readonly DimensionName[];
  readonly filters: readonly DimensionName[];
}

function namesOf(isTaken: (dimension: Dimension) => boolean): DimensionName[] {
  return DIMENSIONS.filter(isTaken).map(({ name }) => name);
}

const OF_SESSIONS = namesOf(({ session }) => session !== undefined);
const OF_SINGLE_RUNS = namesOf(isRunAttribute);
const FLAGS = namesOf(({ flag }) => flag !== undefined);
const OF_CLOCK = namesOf(({ ofClock }) => ofClock !== undefined);

function runsWith(base?: BaseName): Takes {
  const names = [...OF_SESSIONS, ...OF_SINGLE_RUNS, ...namesOf(({ only }) => base !== undefined && only === base)];
  return { groups: [...names, ...OF_CLOCK], filters: names };
}

const WHOLE_TIME = [...OF_SESSIONS, ...OF_SINGLE_RUNS];

/** Of a closed work item, and of the run that closed it. */
const OF_CLOSED = [
  'work_item',
  'work_item_type',
  'project',
  'epic',
  'agent',
  'role',
  'model',
  'runtime',
] as const satisfies DimensionName[];
const OF_PEOPLE = ['user', 'team'] as const satisfies DimensionName[];
const OF_ESCALATIONS = [...WHOLE_TIME, ...namesOf(({ only }) => only === 'escalations')];

/** The groupings and filters that each base's metrics take (definitions.md, Filters and Groups). */
export const TAKES = {
  runs: runsWith(),
  /** what is about a length of time: an hour of each day is none */
  trailing: { groups: WHOLE_TIME, filters: WHOLE_TIME },
  usual: { groups: WHOLE_TIME, filters: WHOLE_TIME },
  parts: runsWith('parts'),
  phases: runsWith('phases'),
  counters: runsWith('counters'),
  tool_calls: runsWith('tool_calls'),
  live: { groups: WHOLE_TIME, filters: WHOLE_TIME },
  failures: { groups: WHOLE_TIME, filters: WHOLE_TIME },
  fortnight: { groups: WHOLE_TIME, filters: WHOLE_TIME },
  spending: { groups: WHOLE_TIME, filters: WHOLE_TIME },
  runaways: { groups: OF_SESSIONS, filters: OF_SESSIONS },
  newcomers: runsWith(),
  people: { groups: OF_PEOPLE, filters: OF_PEOPLE },
  closed_items: { groups: OF_CLOSED, filters: OF_CLOSED },
  escalations: { groups: OF_ESCALATIONS, filters: OF_ESCALATIONS },
  sessions: { groups: OF_SESSIONS, filters: [...OF_SESSIONS, ...OF_SINGLE_RUNS, ...FLAGS] },
  data: { groups: [], filters: [] },
  sources: { groups: ['source'], filters: ['source'] },
  budgets: { groups: ['budget'], filters: ['budget'] },
} as const satisfies Record<BaseName | 'trailing' | 'usual' | 'data' | 'sources' | 'budgets', Takes>;

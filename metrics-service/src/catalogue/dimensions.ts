/** A column, by the alias its table has in every statement: r run, p part, ph phase, a activity of a session, s session, u user. */
export type Column = `${'r' | 'p' | 'ph' | 'a' | 's' | 'u'}.${string}` | `nullif(p.${string}`;

interface DimensionSource {
  readonly title: string;
  readonly definition: string;
  /** where it stands for run metrics; `u` is the run's user there */
  readonly run?: Column;
  /** where it stands for session metrics; `u` is the session's creator there */
  readonly session?: Column;
  /** true or false: a property that active sessions are filtered by, never grouped by */
  readonly flag?: Column;
}

/** Everything that can be grouped by or filtered on. */
const SOURCES = {
  user: {
    title: 'User',
    definition: 'The user of the run; of a session, its creator. Shown by name, else e-mail, else id.',
    run: 'r.user_id',
    session: 's.created_by_user_id',
  },
  team: {
    title: 'Team',
    definition: 'The team that the user is in now, for old runs too.',
    run: 'u.team',
    session: 'u.team',
  },
  session: { title: 'Session', definition: 'The session.', run: 'r.session_id', session: 'a.session_id' },
  repo: { title: 'Repository', definition: 'The repository of the session.', run: 's.repo', session: 's.repo' },
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
  task_type: { title: 'Task type', definition: 'What the run was for, as reported.', run: 'r.task_type' },
  call_model: {
    title: 'Call model',
    definition: "The model of a run's part: a run with two models is split.",
    run: "nullif(p.model, '')",
  },
  phase: { title: 'Phase', definition: 'A phase that the run reported.', run: 'ph.name' },
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

export interface Dimension extends DimensionSource {
  readonly name: DimensionName;
}

export const DIMENSIONS: readonly Dimension[] = Object.entries(SOURCES).map(([name, source]) => ({
  name: name as DimensionName,
  ...source,
}));

const BY_NAME = new Map<string, Dimension>(DIMENSIONS.map((dimension) => [dimension.name, dimension]));

/** The dimension of that name, or undefined. */
export function findDimension(name: string): Dimension | undefined {
  return BY_NAME.get(name);
}

const ATTRIBUTES = ['user', 'team', 'session', 'repo', 'workspace', 'runtime'] as const;
export const RUN_ATTRIBUTES = ['model', 'status', 'failure_category', 'task_type'] as const;
const RUN = [...ATTRIBUTES, ...RUN_ATTRIBUTES] as const;

export interface Takes {
  readonly groups: readonly DimensionName[];
  readonly filters: readonly DimensionName[];
}

/** Which groupings and filters the metrics of a base take (definitions.md, Filters and Groups). */
export const TAKES = {
  runs: { groups: RUN, filters: RUN },
  trailing: { groups: RUN, filters: RUN },
  parts: { groups: [...RUN, 'call_model'], filters: [...RUN, 'call_model'] },
  phases: { groups: [...RUN, 'phase'], filters: [...RUN, 'phase'] },
  sessions: {
    groups: ATTRIBUTES,
    filters: [...ATTRIBUTES, ...RUN_ATTRIBUTES, 'local_handoff', 'post_handoff_iteration'],
  },
  data: { groups: [], filters: [] },
} as const satisfies Record<string, Takes>;

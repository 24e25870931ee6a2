import { inWords } from '../catalogue/index.js';

/** A session in the window, as `timelineSessionStatement` returns it; times in epoch ms. */
export interface TimelineSession {
  readonly runs: number;
  readonly phases: number;
  readonly messages: number;
  readonly handoffs: number;
  readonly in_flight: boolean;
  /** null: nothing of the session lies in the window */
  readonly first_at: number | null;
  readonly last_at: number | null;
  readonly user: string | null;
  readonly repo: string | null;
  readonly workspace: string | null;
  readonly runtime: string | null;
}

export interface TimelineRun {
  readonly id: string;
  readonly started_at: number;
  readonly completed_at: number | null;
  readonly user: string | null;
  readonly status: string;
  readonly model: string | null;
  readonly task_type: string | null;
  readonly failure_category: string | null;
  readonly error_summary: string | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly total_cost: number | null;
  /** ms */
  readonly queue_wait: number | null;
  readonly phases: readonly (readonly [name: string, startedAt: number, completedAt: number])[] | null;
}

export interface TimelineHandoff {
  readonly id: string;
  readonly occurred_at: number;
  readonly method: string;
  readonly user: string | null;
}

export interface Pair {
  readonly key: string;
  readonly value: string | number | boolean;
}

/** A span as Grafana's traces panel reads it; times in milliseconds. */
export interface Span {
  readonly spanID: string;
  readonly parentSpanID: string | null;
  readonly kind: 'session' | 'run' | 'phase' | 'handoff';
  readonly operationName: string;
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly Pair[];
  readonly logs: readonly { timestamp: number; fields: readonly Pair[] }[];
  /** as in OpenTelemetry: 0 unset, 1 ok, 2 error */
  readonly statusCode: 0 | 1 | 2;
  readonly statusMessage: string;
}

/** One object shape for all spans: thousands are created at once. */
function spanOf(
  given: Pick<Span, 'spanID' | 'parentSpanID' | 'kind' | 'operationName' | 'startTime' | 'duration'>,
  tags: readonly Pair[],
  { logs, statusCode, statusMessage }: Pick<Span, 'logs' | 'statusCode' | 'statusMessage'> = UNSET,
): Span {
  const { spanID, parentSpanID, kind, operationName, startTime, duration } = given;
  return { spanID, parentSpanID, kind, operationName, startTime, duration, tags, logs, statusCode, statusMessage };
}

const NO_TAGS: readonly Pair[] = [];
const UNSET = { logs: [], statusCode: 0, statusMessage: '' } as const;
const OK = { ...UNSET, statusCode: 1 } as const;

/** The root: from the first to the last thing in the session, cut at `end` (the window's, or now). */
export function sessionSpan(id: string, session: TimelineSession, end: { window: number; now: number }): Span {
  const first = session.first_at ?? 0;
  const last = Math.max(session.last_at ?? first, session.in_flight ? end.now : 0);
  const { user, repo, workspace, runtime, runs, messages, handoffs } = session;
  return spanOf(
    {
      spanID: rootId(id),
      parentSpanID: null,
      kind: 'session',
      operationName: `session ${id}`,
      startTime: first,
      duration: Math.max(0, Math.min(last, end.window) - first),
    },
    tagsOf({ user, repo, workspace, runtime, runs, messages, handoffs }),
  );
}

/** A run with its phases below; one in flight lasts until `now`. */
export function runSpans(sessionId: string, run: TimelineRun, now: number): Span[] {
  const runSpanId = `run:${run.id}`;
  const end = Math.max(run.started_at, run.completed_at ?? (run.status === 'IN_FLIGHT' ? now : 0));
  const span = spanOf(
    {
      spanID: runSpanId,
      parentSpanID: rootId(sessionId),
      kind: 'run',
      operationName: `run ${run.id}`,
      startTime: run.started_at,
      duration: end - run.started_at,
    },
    runTags(run),
    run.status === 'FAILED' ? failure(run, end) : run.status === 'SUCCEEDED' ? OK : UNSET,
  );
  const phases = (run.phases ?? []).map(([name, startedAt, completedAt], index) =>
    spanOf(
      {
        spanID: `phase:${index + 1}:${run.id}`,
        parentSpanID: runSpanId,
        kind: 'phase',
        operationName: name,
        startTime: startedAt,
        duration: Math.max(0, completedAt - startedAt),
      },
      NO_TAGS,
    ),
  );
  return [span, ...phases];
}

const RUN_TAGS = [
  ...(['status', 'user', 'model', 'task_type', 'failure_category', 'input_tokens', 'output_tokens'] as const),
  ...(['total_cost', 'queue_wait'] as const),
];

function runTags(run: TimelineRun): Pair[] {
  const tags: Pair[] = run.status === 'FAILED' ? [{ key: 'error', value: true }] : [];
  for (const key of RUN_TAGS) {
    const value = run[key];
    if (value !== null) tags.push({ key, value });
  }
  return tags;
}

function failure({ failure_category, error_summary }: TimelineRun, end: number) {
  const category = failure_category === null ? null : inWords('failure_category', failure_category);
  const why = [category, error_summary].filter((text) => text !== null).join(': ');
  const logs = [{ timestamp: end, fields: [{ key: 'error', value: why }] }];
  return { logs, statusCode: 2 as const, statusMessage: why };
}

export function handoffSpan(sessionId: string, { id, occurred_at, method, user }: TimelineHandoff): Span {
  return spanOf(
    {
      spanID: `handoff:${id}`,
      parentSpanID: rootId(sessionId),
      kind: 'handoff',
      operationName: `handoff: ${inWords('method', method)}`,
      startTime: occurred_at,
      duration: 0,
    },
    tagsOf({ method, user }),
  );
}

function rootId(sessionId: string): string {
  return `session:${sessionId}`;
}

function tagsOf(values: Readonly<Record<string, string | number | null>>): Pair[] {
  const tags: Pair[] = [];
  for (const [key, value] of Object.entries(values)) if (value !== null) tags.push({ key, value });
  return tags;
}

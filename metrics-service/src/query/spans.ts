/** A session in the window: what `timelineSessionStatement` answers; times in epoch ms. */
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
  /** OpenTelemetry's: 0 unset, 1 ok, 2 error */
  readonly statusCode: 0 | 1 | 2;
  readonly statusMessage: string;
}

const UNSET = { logs: [], statusCode: 0, statusMessage: '' } as const;

/** The root: from the session's first to its last thing in the window, cut at `end` (the window's, or now). */
export function sessionSpan(id: string, session: TimelineSession, end: { window: number; now: number }): Span {
  const first = session.first_at ?? 0;
  const last = Math.max(session.last_at ?? first, session.in_flight ? end.now : 0);
  const { user, repo, workspace, runtime, runs, messages, handoffs } = session;
  return {
    ...UNSET,
    spanID: rootId(id),
    parentSpanID: null,
    kind: 'session',
    operationName: `session ${id}`,
    startTime: first,
    duration: Math.max(0, Math.min(last, end.window) - first),
    tags: tagsOf({ user, repo, workspace, runtime, runs, messages, handoffs }),
  };
}

/** A run, and below it its phases; one in flight lasts until `now`. */
export function runSpans(sessionId: string, run: TimelineRun, now: number): Span[] {
  const spanID = `run:${run.id}`;
  const isFailed = run.status === 'FAILED';
  const end = Math.max(run.started_at, run.completed_at ?? (run.status === 'IN_FLIGHT' ? now : 0));
  const why = [run.failure_category, run.error_summary].filter((text) => text !== null).join(': ');
  const { status, user, model, task_type, failure_category, input_tokens, output_tokens, total_cost, queue_wait } = run;
  const error = { key: 'error', value: true } as const;
  const span: Span = {
    spanID,
    parentSpanID: rootId(sessionId),
    kind: 'run',
    operationName: `run ${run.id}`,
    startTime: run.started_at,
    duration: end - run.started_at,
    tags: [
      ...(isFailed ? [error] : []),
      ...tagsOf({
        status,
        user,
        model,
        task_type,
        failure_category,
        input_tokens,
        output_tokens,
        total_cost,
        queue_wait,
      }),
    ],
    logs: isFailed ? [{ timestamp: end, fields: [{ key: 'error', value: why }] }] : [],
    statusCode: isFailed ? 2 : run.status === 'SUCCEEDED' ? 1 : 0,
    statusMessage: isFailed ? why : '',
  };
  const phases = (run.phases ?? []).map(([name, startedAt, completedAt], index) => ({
    ...UNSET,
    spanID: `phase:${index + 1}:${run.id}`,
    parentSpanID: spanID,
    kind: 'phase' as const,
    operationName: name,
    startTime: startedAt,
    duration: Math.max(0, completedAt - startedAt),
    tags: [],
  }));
  return [span, ...phases];
}

export function handoffSpan(sessionId: string, { id, occurred_at, method, user }: TimelineHandoff): Span {
  return {
    ...UNSET,
    spanID: `handoff:${id}`,
    parentSpanID: rootId(sessionId),
    kind: 'handoff',
    operationName: `handoff ${method}`,
    startTime: occurred_at,
    duration: 0,
    tags: tagsOf({ method, user }),
  };
}

function rootId(sessionId: string): string {
  return `session:${sessionId}`;
}

function tagsOf(values: Record<string, string | number | null>): Pair[] {
  return Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [{ key, value }]));
}

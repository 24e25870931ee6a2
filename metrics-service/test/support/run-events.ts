/** One run of a minute, as it is told in a test: times in RFC 3339. */
export interface ToldRun {
  id: string;
  at: string;
  session?: string;
  user?: string;
  /** SUCCEEDED by default; IN_FLIGHT: it does not end */
  status?: 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'TIMEOUT' | 'IN_FLIGHT';
  category?: string;
  error?: string;
  costUsd?: number;
  model?: string;
  workItem?: string;
  agent?: string;
  role?: string;
}

const event = (type: string, id: string, data: object, source: string): object => ({
  ...{ specversion: '1.0', source, id: `${type} ${id}`, type },
  data,
});

/** The events of a run. */
export function runEvents(told: ToldRun, source = 'told'): object[] {
  const { id, at, session = `s-${id}`, user, status = 'SUCCEEDED', category, error, costUsd, model } = told;
  const started = {
    runId: id,
    sessionId: session,
    startedAt: at,
    ...(user && { userId: user }),
    ...(model && { model }),
    ...(told.workItem && { workItemId: told.workItem }),
    ...(told.agent && { agent: told.agent }),
    ...(told.role && { role: told.role }),
  };
  const completed = {
    runId: id,
    completedAt: new Date(Date.parse(at) + 60_000).toISOString(),
    status,
    ...(category && { failureCategory: category }),
    ...(error && { errorSummary: error }),
    ...(costUsd !== undefined && { costUsd }),
  };
  return [
    event('run.started', id, started, source),
    ...(status === 'IN_FLIGHT' ? [] : [event('run.completed', id, completed, source)]),
  ];
}

/** `count` runs alike, a minute after each other, with ids `<id>-1`, `<id>-2` … and a session each if none is named. */
export function manyRuns(count: number, told: ToldRun): object[] {
  return Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.parse(told.at) + index * 60_000).toISOString();
    return runEvents({ ...told, id: `${told.id}-${index + 1}`, at });
  }).flat();
}

/** A session with its repository, made by that user. */
export function sessionEvent(sessionId: string, repo: string, createdByUserId?: string): object {
  return event(
    'session.created',
    sessionId,
    { sessionId, repo, createdAt: '2026-01-01T00:00:00Z', ...(createdByUserId && { createdByUserId }) },
    'told',
  );
}

/** A user of a team. */
export function userEvent(userId: string, team: string, more: object = {}): object {
  const data = { userId, team, email: `${userId}@example.org`, ...more };
  return { ...event('user.upserted', userId, data, 'told'), time: '2026-01-01T00:00:00Z' };
}

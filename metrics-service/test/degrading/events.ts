/** An event that starts a run of its own, on the first day of 2026. */
export function startedRun(runId: string): object {
  const data = { runId, sessionId: `s-${runId}`, startedAt: '2026-01-01T09:00:00Z' };
  return { specversion: '1.0', id: `start-${runId}`, source: 'test', type: 'run.started', data };
}

const at = (day: string, time: string): string => `2026-${day}T${time}:00Z`;

function event(type: string, data: Record<string, unknown>, time?: string): Record<string, unknown> {
  const id = JSON.stringify([type, ...Object.values(data).slice(0, 1)]);
  return { specversion: '1.0', source: 'world', id, type, ...(time ? { time } : {}), data };
}

/**
 * A world small enough to compute by hand. Ann (core) made session s1 in web, Bob (apps) s2 in api; s4 is known by a
 * message only; Cyd, known by id only, ran once in February. In the week: r1 and r2 by Ann in s1, r3 and r4 by Bob
 * and r5, in flight, by Ann in s2. Handoffs: two from s1, the first followed by r2 within a day, one from s2, not.
 * Tools: r1 called Bash and Edit, r2 Bash twice (one failed, one a person rejected), r4 Edit, which goes on; of no run is one in s2, before r3.
 * r1, r2 and r4 are about W-1, a bug of epic E-1, r3 and r5 about W-2; W-3 has no run. All three were closed in the week.
 */
export const WORLD = [
  event(
    'user.upserted',
    { userId: 'u-ann', name: 'Ann', email: 'ann@example.org', team: 'core' },
    at('01-01', '00:00'),
  ),
  event('user.upserted', { userId: 'u-bob', email: 'bob@example.org', team: 'apps' }, at('01-01', '00:00')),

  event('session.created', {
    sessionId: 's1',
    createdByUserId: 'u-ann',
    createdAt: at('03-02', '09:00'),
    repo: 'web',
    workItemId: 'W-1',
  }),
  event('session.created', { sessionId: 's2', createdByUserId: 'u-bob', createdAt: at('03-04', '11:00'), repo: 'api' }),
  event('session.linked', { sessionId: 's2', workItemId: 'W-2', at: at('03-04', '11:30'), stage: 'review' }),
  event(
    'work_item.upserted',
    { workItemId: 'W-1', type: 'bug', title: 'Totals', project: 'shop', parentId: 'E-1' },
    at('03-02', '08:00'),
  ),
  event('work_item.upserted', { workItemId: 'W-2', type: 'feature' }, at('03-02', '08:00')),
  event('work_item.upserted', { workItemId: 'W-3', type: 'bug' }, at('03-02', '08:00')),
  event('work_item.reviewed', { workItemId: 'W-1', at: at('03-04', '09:00'), quality: 'rework_requested' }),
  event('work_item.closed', { closedAt: at('03-07', '10:00'), workItemId: 'W-1', quality: 'passed' }),
  event('work_item.closed', { closedAt: at('03-06', '20:00'), workItemId: 'W-2', quality: 'failed' }),
  event('work_item.reopened', { workItemId: 'W-2', at: at('03-07', '08:00') }),
  event('work_item.closed', { closedAt: at('03-08', '18:00'), workItemId: 'W-2' }),
  event('work_item.closed', { closedAt: at('03-08', '12:00'), workItemId: 'W-3', quality: 'passed' }),
  event('escalation.recorded', {
    escalationId: 'x1',
    occurredAt: at('03-04', '10:00'),
    severity: 'high',
    category: 'access',
    runId: 'r2',
  }),
  event('escalation.recorded', {
    escalationId: 'x2',
    occurredAt: at('03-06', '09:00'),
    severity: 'low',
    sessionId: 's2',
  }),
  event('escalation.resolved', { escalationId: 'x2', at: at('03-06', '10:00') }),
  event('message.created', { messageId: 'm1', sessionId: 's1', role: 'user', sentAt: at('03-02', '09:59') }),
  event('message.created', { messageId: 'm2', sessionId: 's1', role: 'user', sentAt: at('03-03', '12:00') }),
  event('message.created', { messageId: 'm3', sessionId: 's2', role: 'user', sentAt: at('03-04', '11:59') }),
  event('message.created', { messageId: 'm4', sessionId: 's4', role: 'agent', sentAt: at('03-08', '20:00') }),

  event('run.started', {
    runId: 'r0',
    sessionId: 's3',
    userId: 'u-cyd',
    startedAt: at('02-20', '10:00'),
    agent: 'builder',
  }),
  event('run.started', {
    runId: 'r1',
    sessionId: 's1',
    startedAt: at('03-02', '10:00'),
    queueWaitMs: 2000,
    taskType: 'feature',
    agent: 'builder',
  }),
  event('run.completed', {
    runId: 'r1',
    completedAt: at('03-02', '10:10'),
    status: 'SUCCEEDED',
    costUsd: '0.50',
    usage: [
      { model: 'claude-sonnet-4-5', inputTokens: 1000, outputTokens: 200, cacheReadTokens: 600, cacheWriteTokens: 100 },
    ],
    phases: [
      { name: 'setup', startedAt: at('03-02', '10:00'), completedAt: at('03-02', '10:01') },
      { name: 'edit', startedAt: at('03-02', '10:01'), completedAt: at('03-02', '10:09') },
    ],
    artifacts: { filesChanged: 3, linesAdded: 100, linesDeleted: 20, testsRun: 10, testsPassed: 9 },
    counters: { candidates: 4, score: 0.1 },
    awaitMs: 0,
  }),
  event('run.started', {
    runId: 'r2',
    sessionId: 's1',
    startedAt: at('03-03', '11:00'),
    queueWaitMs: 4000,
    agent: 'reviewer',
  }),
  event('run.completed', {
    runId: 'r2',
    completedAt: at('03-03', '11:20'),
    status: 'FAILED',
    failureCategory: 'tool_error',
    costUsd: '0.25',
    usage: [
      { model: 'gpt-5', inputTokens: 500, outputTokens: 100 },
      { model: 'gpt-5-mini', inputTokens: 300, outputTokens: 50 },
    ],
    phases: [
      { name: 'edit', startedAt: at('03-03', '11:01'), completedAt: at('03-03', '11:03') },
      { name: 'edit', startedAt: at('03-03', '11:10'), completedAt: at('03-03', '11:12') },
    ],
    artifacts: { filesChanged: 1, linesAdded: 10, linesDeleted: 5, testsRun: 4, testsPassed: 1 },
    counters: { candidates: 7, score: 0.2 },
    awaitMs: 300_000,
  }),
  event('run.started', { runId: 'r3', sessionId: 's2', startedAt: at('03-04', '12:00') }),
  event('run.completed', { runId: 'r3', completedAt: at('03-04', '12:05'), status: 'CANCELED' }),
  event('run.started', {
    runId: 'r4',
    sessionId: 's2',
    startedAt: at('03-05', '09:00'),
    queueWaitMs: 6000,
    agent: 'reviewer',
    role: 'reviewer',
    workflow: 'fix',
    stage: 'implementation',
    workItemId: 'W-1',
  }),
  event('run.completed', {
    runId: 'r4',
    completedAt: at('03-05', '10:00'),
    status: 'TIMEOUT',
    costUsd: 1,
    usage: [{ model: 'claude-sonnet-4-5', inputTokens: 2000, outputTokens: 300, cacheReadTokens: 1000 }],
    artifacts: { filesChanged: 2 },
  }),
  event('run.started', { runId: 'r5', sessionId: 's2', userId: 'u-ann', startedAt: at('03-06', '08:00') }),

  event('tool_call.recorded', {
    toolCallId: 't1',
    ...{ sessionId: 's1', runId: 'r1', name: 'Bash', status: 'SUCCEEDED' },
    ...{ startedAt: at('03-02', '10:01'), completedAt: at('03-02', '10:02'), inputBytes: 100, outputBytes: 2000 },
  }),
  event('tool_call.recorded', {
    toolCallId: 't2',
    ...{ sessionId: 's1', runId: 'r1', name: 'Edit', status: 'SUCCEEDED' },
    ...{ startedAt: at('03-02', '10:03'), completedAt: at('03-02', '10:05'), awaitMs: 60_000 },
    files: [
      { path: 'src/app/main.ts', operation: 'modified', linesAdded: 10, linesDeleted: 2 },
      { path: 'lib/app/util.ts', operation: 'created', linesAdded: 5 },
      { path: 'README.md', operation: 'read' },
    ],
  }),
  event('tool_call.recorded', {
    toolCallId: 't3',
    ...{ sessionId: 's1', runId: 'r2', name: 'Bash', status: 'FAILED', errorType: 'ShellError' },
    ...{ startedAt: at('03-03', '11:05'), completedAt: at('03-03', '11:08') },
  }),
  event('tool_call.recorded', {
    toolCallId: 't4',
    ...{ sessionId: 's1', runId: 'r2', name: 'Bash', status: 'REJECTED', rejectedBy: 'person' },
    ...{ startedAt: at('03-03', '11:10'), completedAt: at('03-03', '11:15'), awaitMs: 300_000 },
  }),
  event('tool_call.recorded', {
    toolCallId: 't5',
    ...{ sessionId: 's2', runId: 'r4', name: 'Edit', startedAt: at('03-05', '09:10') },
  }),
  event('tool_call.recorded', {
    toolCallId: 't6',
    ...{ sessionId: 's2', name: 'WebSearch', status: 'REJECTED', rejectedBy: 'policy' },
    completedAt: at('03-04', '11:50'),
  }),

  event('handoff.created', { handoffId: 'h1', sessionId: 's1', occurredAt: at('03-02', '18:00'), method: 'TELEPORT' }),
  event('handoff.created', {
    handoffId: 'h2',
    sessionId: 's1',
    occurredAt: at('03-04', '08:00'),
    method: 'DOWNLOAD_PATCH',
  }),
  event('handoff.created', {
    handoffId: 'h3',
    sessionId: 's2',
    occurredAt: at('03-07', '10:00'),
    method: 'OPEN_IN_CLI',
  }),
];

/** Of March so far core spent 0.75; r1's hour comes three times more, r2's four times. Nothing of all was spent today yet. */
export const BUDGETS = [
  event(
    'budget.set',
    { budgetId: 'core', name: 'Core', limitUsd: 10, period: 'month', filters: { team: ['core'] } },
    at('02-01', '00:00'),
  ),
  event('budget.set', { budgetId: 'all', limitUsd: '4', period: 'day' }, at('02-01', '00:00')),
];

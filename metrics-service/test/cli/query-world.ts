import { expect } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';

/** The time of the service that is asked. */
export const NOW = Date.UTC(2026, 2, 31, 10);

const event = (type: string, data: Record<string, unknown>, id: string) => ({
  specversion: '1.0',
  id,
  source: 'test',
  type,
  time: '2026-03-20T00:00:00Z',
  data,
});
const run = (runId: string, sessionId: string, startedAt: string, outcome?: Record<string, unknown>) => [
  event('run.started', { runId, sessionId, startedAt }, `${runId} started`),
  ...(outcome ? [event('run.completed', { runId, ...outcome }, `${runId} completed`)] : []),
];

/** Ann of core: a success for $1.25 and 1,234,567 tokens, a failure for $0.0042; Bob of web: one of unknown cost. */
const EVENTS = [
  event('user.upserted', { userId: 'ann', name: 'Ann', team: 'core' }, 'u1'),
  event('user.upserted', { userId: 'bob', name: 'Bob', team: 'web\u001b[31m' }, 'u2'),
  event(
    'session.created',
    { sessionId: 's1', createdByUserId: 'ann', createdAt: '2026-03-10T08:00:00Z', repo: 'shop' },
    's1',
  ),
  event('session.created', { sessionId: 's2', createdByUserId: 'bob', createdAt: '2026-03-11T08:00:00Z' }, 's2'),
  ...run('r1', 's1', '2026-03-10T09:00:00Z', {
    status: 'SUCCEEDED',
    completedAt: '2026-03-10T09:01:23Z',
    costUsd: '1.25',
    usage: [{ model: 'm', inputTokens: 1_200_000, outputTokens: 34_567 }],
  }),
  ...run('r2', 's1', '2026-03-10T10:00:00Z', {
    status: 'FAILED',
    completedAt: '2026-03-10T10:00:10Z',
    costUsd: 0.0042,
  }),
  ...run('r3', 's2', '2026-03-11T09:00:00Z', { status: 'SUCCEEDED', completedAt: '2026-03-11T11:05:00Z' }),
  ...run('r4', 's3', '2026-03-11T12:00:00Z'),
  event(
    'handoff.created',
    { handoffId: 'h1', sessionId: 's1', occurredAt: '2026-03-10T09:30:00Z', method: 'TELEPORT' },
    'h1',
  ),
];
export const MARCH = ['--from', '2026-03-01', '--to', '2026-04-01'];

export const lines = (...texts: string[]): string => `${texts.join('\n')}\n`;

/** A service with the organization that is asked, and its token. */
export async function startVienna(): Promise<{ service: TestService; token: string }> {
  const service = await testService({ clock: () => NOW });
  const token = await service.organization('vienna', { timezone: 'Europe/Vienna' });
  const { body } = await service.request('/v1/events', { body: EVENTS, token });
  expect(body).toMatchObject({ accepted: EVENTS.length, rejected: [] });
  return { service, token };
}

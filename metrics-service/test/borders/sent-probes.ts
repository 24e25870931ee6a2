import type { SentEvent } from '../oracle/types.js';
import type { Probe } from './probes.js';

/** Their events, said by somebody else: ids, sources and all. */
export function eventProbes(theirs: readonly SentEvent[]): Probe[] {
  const wrong = theirs.slice(0, 20).map((event, index) => ({ ...event, id: `wrong-${index}`, type: 'run.unknown' }));
  const batches = [theirs.slice(0, 40), theirs.slice(20, 60), wrong];
  return batches.map((body): Probe => ({ method: 'post', path: '/v1/events', body }));
}

/** Telemetry about their sessions. */
export function telemetryProbes(theirs: readonly SentEvent[]): Probe[] {
  const ids = theirs.flatMap(({ data: { sessionId } }) => (typeof sessionId === 'string' ? [sessionId] : []));
  const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const records = [...new Set(ids)].slice(0, 20).map((id) => ({
    timeUnixNano: '1769853600000000000',
    body: { stringValue: 'claude_code.user_prompt' },
    attributes: [attribute('session.id', id), attribute('prompt.id', 'p'), attribute('user.id', 'u')],
  }));
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords: records }] }] };
  const others = ['/v1/traces', '/v1/metrics'].map((path): Probe => ({ method: 'post', path, body: {} }));
  const hook = { session_id: ids[0] ?? 's', hook_event_name: 'SessionEnd' };
  const runner = { sessionId: ids[0] ?? 's', exitReason: 'failed' };
  return [
    { method: 'post', path: '/v1/logs', body },
    { method: 'post', path: '/v1/hooks/claude-code', body: hook },
    { method: 'post', path: '/v1/hooks/runner', body: runner },
    ...others,
  ];
}

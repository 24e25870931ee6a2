import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await testService({ config: { maxDeadLetters: 2 }, jobs: true });
});
afterAll(() => service.stop());

/** The samples by name and labels, as Prometheus' text has them. */
async function samples(): Promise<Map<string, number>> {
  const response = await fetch(`${service.address}/metrics`);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const lines = (await response.text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

const requests = (method: string, route: string, status: string): string =>
  `runboard_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`;

const deleted = (id: string, data: object = { runId: 'r' }) => ({
  specversion: '1.0',
  id,
  source: 's',
  type: 'run.deleted',
  time: '2026-01-01T00:00:00Z',
  data,
});

describe('GET /metrics', () => {
  it('counts and times background jobs by name and outcome', async () => {
    const name = 'runboard_job_duration_seconds_count{job="find_repricing",outcome="succeeded"}';
    while (!(await samples()).has(name)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await samples()).get(name)).toBe(1);
  });

  it('counts events by type and outcome, and dead letters by reason', async () => {
    const before = await samples();
    expect(before.get('runboard_dead_letters_total{code="invalid_event"}')).toBe(0);
    await service.request('/v1/events', { body: [deleted('1'), deleted('1'), deleted('2', { runId: '' })] });
    await service.request('/v1/events', {
      body: [deleted('1'), { ...deleted('3'), type: 'x.y' }, 1, deleted('1', { runId: 'q' })],
    });
    const after = await samples();
    const events = [...after].filter(([name]) => name.startsWith('runboard_events_total'));
    expect(Object.fromEntries(events)).toEqual({
      'runboard_events_total{type="run.deleted",outcome="accepted"}': 1,
      'runboard_events_total{type="run.deleted",outcome="duplicate"}': 2,
      'runboard_events_total{type="run.deleted",outcome="invalid_event"}': 1,
      'runboard_events_total{type="run.deleted",outcome="id_reused"}': 1,
      'runboard_events_total{type="unknown",outcome="unknown_type"}': 1,
      'runboard_events_total{type="unknown",outcome="invalid_event"}': 1,
    });
    expect(after.get('runboard_dead_letters_total{code="invalid_event"}')).toBe(2);
    expect(after.get('runboard_dead_letters_total{code="unknown_type"}')).toBe(1);
  });

  it('counts and times requests by route template and status, whatever paths are made up', async () => {
    await service.request('/v1/dimensions/team/values');
    await service.request('/v1/dimensions/repo/values');
    await service.request('/v1/dimensions/nothing/values');
    for (let number = 0; number < 20; number += 1) await service.request(`/made-up/${number}`);
    await service.request('/v1/events', { method: 'PURGE' });
    const found = await samples();
    expect(found.get(requests('GET', '/v1/dimensions/:name/values', '200'))).toBe(2);
    expect(found.get(requests('GET', '/v1/dimensions/:name/values', '400'))).toBe(1);
    expect(found.get(requests('GET', 'other', '404'))).toBe(20);
    expect(found.get(requests('other', 'other', '405'))).toBe(1);
    expect([...found.keys()].filter((name) => /made-up|team/.test(name))).toEqual([]);
  });

  it('says how the database and the process do', async () => {
    const found = await samples();
    for (const pool of ['ingest', 'questions', 'exports', 'access']) {
      const used = found.get(`runboard_database_connections{pool="${pool}",state="used"}`)!;
      const idle = found.get(`runboard_database_connections{pool="${pool}",state="idle"}`)!;
      expect(used + idle).toBeLessThanOrEqual(found.get(`runboard_database_connections_max{pool="${pool}"}`)!);
      expect(found.get(`runboard_database_waiting{pool="${pool}"}`)).toBe(0);
    }
    expect(found.get('runboard_database_connections{pool="access",state="idle"}')).toBeGreaterThan(0);
    expect(found.get('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect([...found.keys()].some((name) => name.startsWith('nodejs_eventloop_lag'))).toBe(true);
  });

  it('names nobody', async () => {
    const text = [...(await samples()).keys()].join('\n');
    expect(text).not.toContain('acme');
    expect(text).not.toContain(service.token);
  });
});

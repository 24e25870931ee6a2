import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testService, type Answer, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

let made = 0;
const fresh = (): string => `id-${(made += 1)}`;

function runStarted(id: string, data: Record<string, unknown> = {}): Record<string, unknown> {
  const startedAt = '2026-01-31T09:00:00.123Z';
  return {
    specversion: '1.0',
    id,
    source: '/test',
    type: 'run.started',
    data: { runId: id, sessionId: 's1', startedAt, ...data },
  };
}
const broken = (id: string): Record<string, unknown> => runStarted(id, { startedAt: 'yesterday' });

const send = (body: unknown, type = 'application/json', headers: Record<string, string> = {}): Promise<Answer> =>
  service.request('/v1/events', { body, headers: { 'content-type': type, ...headers } });
const lines = (...items: (string | object)[]): string =>
  items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n');

async function rowsOf<Row extends object>(sql: string, values: unknown[] = [], orgId = 'acme'): Promise<Row[]> {
  const { rows } = await service.database.inOrganization(orgId, (tx) =>
    tx.query<Row & Record<string, unknown>>(sql, values),
  );
  return rows;
}

describe('every content type', () => {
  it.each(['application/json', 'application/cloudevents+json', 'application/cloudevents+json; charset=utf-8'])(
    'one event as %s',
    async (type) => {
      const { status, body } = await send(runStarted(fresh()), type);
      expect({ status, body }).toEqual({ status: 200, body: { accepted: 1, duplicates: 0, rejected: [] } });
    },
  );

  it.each(['application/json', 'application/cloudevents-batch+json'])('a batch as %s', async (type) => {
    const { status, body } = await send([runStarted(fresh()), runStarted(fresh())], type);
    expect({ status, body }).toEqual({ status: 200, body: { accepted: 2, duplicates: 0, rejected: [] } });
  });

  it('one event a line, with either line end, empty lines and without the last one', async () => {
    const [a, b, c] = [fresh(), fresh(), fresh()].map((id) => JSON.stringify(runStarted(id)));
    const { status, body } = await send(`${a}\n\n${b}\r\n  \n${c}`, 'application/x-ndjson');
    expect({ status, body }).toEqual({ status: 200, body: { accepted: 3, duplicates: 0, rejected: [] } });
  });

  it('gzip', async () => {
    const zipped = gzipSync(JSON.stringify([runStarted(fresh())]));
    const { body } = await send(zipped, 'application/json', { 'content-encoding': 'gzip' });
    expect(body).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
    const zippedLines = gzipSync(lines(runStarted(fresh()), runStarted(fresh())));
    const answer = await send(zippedLines, 'application/x-ndjson', { 'content-encoding': 'gzip' });
    expect(answer.body).toEqual({ accepted: 2, duplicates: 0, rejected: [] });
  });

  it.each([
    ['application/json', '[]'],
    ['application/x-ndjson', ''],
    ['application/x-ndjson', '\n\n'],
  ])('nothing at all as %s %j', async (type, nothing) => {
    const { status, body } = await send(nothing, type);
    expect({ status, body }).toEqual({ status: 200, body: { accepted: 0, duplicates: 0, rejected: [] } });
  });
});

describe('what became of each', () => {
  it('200: copies, in one batch or later, are counted as duplicates', async () => {
    const event = runStarted(fresh());
    const first = await send([event, event, event]);
    expect(first.body).toEqual({ accepted: 1, duplicates: 2, rejected: [] });
    const later = await send([event]);
    expect({ status: later.status, body: later.body }).toEqual({
      status: 200,
      body: { accepted: 0, duplicates: 1, rejected: [] },
    });
  });

  it('the same event written otherwise is a copy', async () => {
    const id = fresh();
    await send(runStarted(id, { userId: 'é' }));
    const { source, type, data } = runStarted(id) as { source: string; type: string; data: object };
    const turned = { data: { userId: '\u00e9', ...data }, type, source, id, specversion: '1.0' };
    expect((await send(JSON.stringify(turned, null, 2))).body).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  it('207: some rejected, each with index, id, code, path and message', async () => {
    const [good, bad] = [fresh(), fresh()];
    const { status, body } = await send([
      runStarted(good),
      broken(bad),
      17,
      { ...runStarted('x'), type: 'run.exploded' },
    ]);
    expect(status).toBe(207);
    expect(body).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: [
        {
          index: 1,
          id: bad,
          code: 'invalid_event',
          path: 'data.startedAt',
          message: expect.stringContaining('RFC 3339'),
        },
        { index: 2, id: null, code: 'invalid_event', path: '', message: expect.stringContaining('CloudEvent') },
        { index: 3, id: 'x', code: 'unknown_type', path: 'type', message: expect.stringContaining('run.completed') },
      ],
    });
  });

  it('422: all rejected', async () => {
    const { status, body } = await send([broken(fresh()), null]);
    expect(status).toBe(422);
    expect(body).toMatchObject({ accepted: 0, duplicates: 0 });
    expect(body.rejected).toHaveLength(2);
  });

  it('207 for a copy beside a rejected one', async () => {
    const event = runStarted(fresh());
    await send(event);
    expect((await send([event, broken(fresh())])).status).toBe(207);
  });

  it('a broken line does not spoil the others', async () => {
    const { status, body } = await send(
      lines(runStarted(fresh()), '{"id": ', runStarted(fresh())),
      'application/x-ndjson',
    );
    expect(status).toBe(207);
    expect(body).toMatchObject({ accepted: 2, rejected: [{ index: 1, id: null, code: 'invalid_json', path: '' }] });
  });

  it('the same id with other content is rejected, in one batch or later, and changes nothing', async () => {
    const id = fresh();
    const rejected = { id, code: 'id_reused', path: 'id', message: expect.any(String) };
    const first = await send([runStarted(id, { model: 'first' }), runStarted(id, { model: 'second' })]);
    expect(first.body).toEqual({ accepted: 1, duplicates: 0, rejected: [{ index: 1, ...rejected }] });
    const later = await send(runStarted(id, { model: 'third' }));
    expect({ status: later.status, body: later.body }).toEqual({
      status: 422,
      body: { accepted: 0, duplicates: 0, rejected: [{ index: 0, ...rejected }] },
    });
    expect(await rowsOf('select reported_model from runs where run_id = $1', [id])).toEqual([
      { reported_model: 'first' },
    ]);
  });

  it('the same id from another source is another event', async () => {
    const id = fresh();
    const other = { ...runStarted(id, { agent: 'b' }), source: '/other' };
    expect((await send([runStarted(id, { agent: 'a' }), other])).body).toMatchObject({ accepted: 2 });
  });

  it('a rejected event does not use up its id', async () => {
    const id = fresh();
    expect((await send(broken(id))).status).toBe(422);
    expect((await send(runStarted(id))).body).toMatchObject({ accepted: 1 });
  });
});

describe('limits', () => {
  it('10,000 events are taken, 10,001 are a 413 and nothing of them is stored', async () => {
    const many = (count: number, prefix: string): string =>
      lines(...Array.from({ length: count }, (_, index) => runStarted(`${prefix}-${index}`)));
    const within = await send(many(10_000, 'within'), 'application/x-ndjson');
    expect({ status: within.status, accepted: within.body.accepted }).toEqual({ status: 200, accepted: 10_000 });
    const over = await send(many(10_001, 'over'), 'application/x-ndjson');
    expect({ status: over.status, code: over.body.code }).toEqual({ status: 413, code: 'too_large' });
    expect(over.body.detail).toContain('10000');
    expect(await rowsOf(`select count(*)::int as count from events where id like 'over-%'`)).toEqual([{ count: 0 }]);
  });

  it('a million values are taken, more are a 413 and nothing of them is stored', async () => {
    const empty = Array(20_000).fill([]);
    const many = (count: number, prefix: string): object[] =>
      Array.from({ length: count }, (_, index) => runStarted(`${prefix}-${index}`, { other: empty }));
    expect((await send(many(24, 'few'))).status).toBe(200);
    const over = await send(many(26, 'many'));
    expect({ status: over.status, code: over.body.code }).toEqual({ status: 413, code: 'too_large' });
    expect(over.body.detail).toContain('1000000 values');
    expect(await rowsOf(`select count(*)::int as count from events where id like 'many-%'`)).toEqual([{ count: 0 }]);
  });
});

describe('four senders at a time', () => {
  it('an event counts once', async () => {
    const events = Array.from({ length: 50 }, () => runStarted(fresh()));
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(events)));
    const sum = (name: 'accepted' | 'duplicates'): number =>
      answers.reduce((total, answer) => total + (answer.body[name] as number), 0);
    expect([sum('accepted'), sum('duplicates')]).toEqual([50, 150]);
  });
});

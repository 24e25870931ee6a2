import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { testService, type Answer, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

const KiB = 1024;
const MiB = 1024 * KiB;
const at = '2026-01-31T09:00:00Z';
let ids = 0;
const event = (type: string, data: object) => {
  const id = `bounds-${(ids += 1)}`;
  return { specversion: '1.0', id, source: 'test', type, time: at, data: { runId: id, ...data } };
};
const completed = (data: object) => event('run.completed', { status: 'FAILED', completedAt: at, ...data });
const usage = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ model: `m${index}`, inputTokens: 1, outputTokens: 1 }));
const phases = (count: number) =>
  Array.from({ length: count }, () => ({ name: 'edit', startedAt: at, completedAt: at }));

const send = (body: unknown, type = 'application/json'): Promise<Answer> =>
  service.request('/v1/events', { body, headers: { 'content-type': type } });
const sendGzipped = (text: string, type: string): Promise<Answer> =>
  service.request('/v1/events', {
    body: gzipSync(text),
    headers: { 'content-type': type, 'content-encoding': 'gzip' },
  });

describe('a list of an event', () => {
  it.each([
    ['usage', 200, usage],
    ['phases', 1_000, phases],
  ])('%s has at most %i items, or the event is rejected and told so', async (member, most, make) => {
    const within = completed({ [member]: make(most) });
    const over = completed({ [member]: make(most + 1) });
    const { body } = await send([within, over]);
    expect(body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, id: over.id, code: 'invalid_event', path: `data.${member}` }],
    });
    expect(body.rejected[0].message).toContain(`more than ${most} items`);
  });

  it('of 12,000 models is rejected as well: nothing of it reaches the tables', async () => {
    const { status, body } = await send([completed({ usage: usage(12_000) })]);
    expect([status, body.rejected?.[0]?.path]).toEqual([422, 'data.usage']);
  });

  it('whose items are all wrong is measured, not read', async () => {
    const { body } = await send([completed({ phases: Array<number>(20_000).fill(1) })]);
    expect(body.rejected).toMatchObject([{ path: 'data.phases', message: expect.stringContaining('1000') }]);
  });
});

describe('an event that is too much is rejected alone, and what is too much is named', () => {
  const known = () => event('run.deleted', {});
  it.each<[string, string, () => object]>([
    ['1 MiB', 'a text', () => event('run.deleted', { other: 'x'.repeat(MiB) })],
    ['50000 values', 'lists', () => event('run.deleted', { other: Array(30_000).fill([]) })],
    [
      '50000 values',
      'members',
      () => event('run.deleted', Object.fromEntries(Array<number>(50_001).fill(1).entries())),
    ],
  ])('%s: %s', async (named, _what, make) => {
    const list = await send([known(), make(), known()]);
    expect(list.body).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: 'invalid_event' }] });
    expect(list.body.rejected[0].message).toContain(named);
    const lines = [known(), make()].map((one) => JSON.stringify(one)).join('\n');
    expect((await send(lines, 'application/x-ndjson')).body).toMatchObject({ accepted: 1, rejected: [{ index: 1 }] });
    expect((await send(make())).status).toBe(422);
  });

  it('nesting deeper than 64 levels, of any depth', async () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    for (const levels of [65, 400_000]) {
      const { body } = await send(`[${JSON.stringify(known())},${nested(levels)}]`);
      expect(body).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: 'invalid_event' }] });
      expect(body.rejected[0].message).toContain('64 levels');
    }
  });

  it('an event of almost 1 MiB is taken', async () => {
    expect((await send(event('run.deleted', { other: 'x'.repeat(MiB - KiB) }))).body).toMatchObject({ accepted: 1 });
  });
});

describe('a small body that unpacks to millions of items', () => {
  it.each([
    ['lines', '{\n', 'application/x-ndjson', 413],
    ['a list', '[{},{},{}', 'application/json', 413],
    ['lists in each other', '[', 'application/json', 400],
  ])('%s: is refused before they are parsed', async (_what, unit, type, status) => {
    const text =
      unit === '[{},{},{}' ? `[${'{},'.repeat(3 * MiB)}{}]` : unit.repeat(Math.floor((10 * MiB) / unit.length));
    expect((await sendGzipped(text, type)).status).toBe(status);
  });

  it('a question of a million brackets is refused too', async () => {
    for (const path of ['/v1/query', '/mcp']) {
      const { status, body } = await service.request(path, { body: '['.repeat(MiB - KiB) });
      expect([path, status, body.detail]).toEqual([path, 400, expect.stringContaining('64 levels')]);
    }
  });
});

describe('a body in which a bracket, a comma or a line feed stands where it could mislead', () => {
  it.each([
    ['[{"a":"]"},{"b":"\\"],["}]', 2],
    ['[ 1 , "," , [1,2] , {"a":[{},"}"]} ]', 4],
    ['\ufeff [ ] ', 0],
    ['["\\\\", "\\\\\\"", "x"]', 3],
  ])('%s has %i items', async (body, items) => {
    expect((await send(body)).body.rejected).toHaveLength(items);
  });

  it.each(['[1,]', '[,]', '[1 2]', '[{]}]', '[1]]', '[1}', '["a]', '[1],[2]', '{"a":1', '[1]x', '[', ']', '["\\'])(
    '%s is no JSON',
    async (body) => expect([(await send(body)).status, body]).toEqual([400, body]),
  );

  it('lines are read one by one', async () => {
    const lines = ['{"a":"\\n"}', '', ' \t\r', '{"open":"', '"', '1', '[1,2]', '"\\', '{}'].join('\n');
    const { body } = await send(lines, 'application/x-ndjson');
    const codes = body.rejected.map(({ code }: { code: string }) => code);
    const [no, other] = ['invalid_json', 'invalid_event'];
    expect(codes).toEqual([other, no, no, other, other, no, other]);
  });
});

describe('a number that JavaScript cannot hold, in a member that nobody reads', () => {
  it.each(['1e400', '-1e400', '-0', '1e-400', '12345678901234567890'])(
    '%s: the event is the same again',
    async (number) => {
      const text = JSON.stringify(event('run.deleted', { other: 'here' })).replace('"here"', `[{"deep":${number}}]`);
      expect((await send(text)).body).toMatchObject({ accepted: 1 });
      expect((await send(text)).body).toMatchObject({ accepted: 0, duplicates: 1, rejected: [] });
    },
  );
});

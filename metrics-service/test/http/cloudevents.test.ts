import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AT, binary, fresh, ONE, receiver, started, type Receiver } from '../support/cloud-events.js';
import type { TestService } from '../support/service.js';

let service: TestService;
let send: Receiver['send'];
let logged: Receiver['logged'];
beforeAll(async () => {
  ({ service, send, logged } = await receiver());
});
afterAll(() => service.stop());
const json = { 'content-type': 'application/json' };

describe('binary mode', () => {
  it.each([
    ['without Content-Type', {}],
    ['as JSON', json],
    ['as JSON in UTF-8', { 'content-type': 'application/json; charset=utf-8' }],
    ['as another kind of JSON', { 'content-type': 'text/json' }],
    ['as a subtype of JSON', { 'content-type': 'application/vnd.acme.run+json' }],
  ])('one event, %s', async (_how, headers) => {
    const id = fresh();
    const { status, body } = await send({ ...binary(id), ...headers }, JSON.stringify(started(id)));
    expect({ status, body }).toEqual({ status: 200, body: ONE });
    expect((await logged(id))?.data).toEqual(started(id));
  });

  it('headers are percent-decoded, and unquoted', async () => {
    const id = fresh();
    const headers = binary(`%22${id}%20%E2%82%AC%C3%BC%22`, { 'ce-source': '"/a \\"b\\""', 'ce-subject': '100%25' });
    expect((await send({ ...headers, ...json }, JSON.stringify(started(id)))).body).toEqual(ONE);
    expect(await logged(`"${id} €ü"`)).toMatchObject({ source: '/a "b"', attributes: { subject: '100%' } });
  });

  it('is the same event as in structured mode', async () => {
    const id = fresh();
    const data = started(id);
    await send({ ...binary(id, { 'ce-time': AT }), ...json }, JSON.stringify(data));
    const event = { specversion: '1.0', id, source: '/broker', type: 'run.started', time: AT, data };
    const again = await send({ 'content-type': 'application/cloudevents+json' }, JSON.stringify(event));
    expect(again.body).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
  });

  it('is not meant where the Content-Type is that of structured mode', async () => {
    const id = fresh();
    const event = { specversion: '1.0', id, source: '/broker', type: 'run.started', data: started(id) };
    const headers = { ...binary('another'), 'content-type': 'application/cloudevents+json; charset=UTF-8' };
    expect((await send(headers, JSON.stringify(event))).body).toEqual(ONE);
    expect(await logged('another')).toBeUndefined();
  });

  it.each([
    ['an attribute that is missing', { 'ce-source': '' }, json, started('x'), 'source'],
    ['another version', { 'ce-specversion': '0.3' }, json, started('x'), 'specversion'],
    ['an unknown type', { 'ce-type': 'run.exploded' }, json, started('x'), 'type'],
    ['data that is no object', {}, json, [1], 'data'],
    ['data that is missing', {}, json, undefined, 'data'],
    ['data that is no JSON', {}, { 'content-type': 'text/plain' }, 'hello', 'datacontenttype'],
    ['data as a header', { 'ce-data': '{}' }, json, undefined, 'data'],
  ])('%s is a rejected event', async (_what, attributes, headers, data, path) => {
    const body = data === undefined ? '' : JSON.stringify(data);
    const answer = await send({ ...binary(fresh(), attributes), ...headers }, body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ rejected: [{ index: 0, path }] });
  });

  it('a body that is no JSON is a 400', async () => {
    const { status, body } = await send({ ...binary(fresh()), ...json }, '{');
    expect([status, body.code]).toEqual([400, 'invalid_json']);
  });
});

describe('data_base64', () => {
  const event = (id: string, data_base64: unknown, more = {}) => {
    const attributes = { specversion: '1.0', id, source: '/broker', type: 'run.started', ...more };
    return { ...attributes, data_base64 };
  };
  const base64 = (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64');

  it('is read as data, alone, in lists and in lines', async () => {
    const ids = [fresh(), fresh(), fresh(), fresh()];
    const events = ids.map((id) => event(id, base64({ ...started(id), userId: 'é' })));
    expect((await send(json, JSON.stringify(events[0]))).body).toEqual(ONE);
    expect((await send(json, JSON.stringify(events.slice(1, 3)))).body).toMatchObject({ accepted: 2 });
    expect((await send({ 'content-type': 'application/x-ndjson' }, JSON.stringify(events[3]))).body).toEqual(ONE);
    for (const id of ids) expect((await logged(id))?.data).toEqual({ ...started(id), userId: 'é' });
  });

  it.each([
    ['no base64', '***'],
    ['no JSON', Buffer.from('{').toString('base64')],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]).toString('base64')],
    ['no text', 7],
  ])('%s is a rejected event, of which nothing is kept', async (_what, data) => {
    const id = fresh();
    const { status, body } = await send(json, JSON.stringify(event(id, data)));
    expect(status).toBe(422);
    expect(body).toMatchObject({ rejected: [{ id, code: 'invalid_event', path: 'data_base64' }] });
    const { rows } = await service.database.inOrganization('acme', (tx) =>
      tx.query<{ event: object }>('select event from dead_letters where event_id = $1', [id]),
    );
    expect(rows[0]?.event).toEqual({ specversion: '1.0', id, source: '/broker', type: 'run.started' });
  });

  it('beside data is refused', async () => {
    const id = fresh();
    const answer = await send(json, JSON.stringify(event(id, base64(started(id)), { data: started(id) })));
    expect(answer.body).toMatchObject({ rejected: [{ path: 'data_base64' }] });
  });
});

describe('attributes', () => {
  const event = (id: string, more: object) => {
    const attributes = { specversion: '1.0', id, source: '/broker', type: 'run.started' };
    return JSON.stringify({ ...attributes, data: started(id), ...more });
  };

  it.each(['application/json', 'text/json', 'APPLICATION/JSON', 'application/vnd.acme+json; charset=utf-8'])(
    'datacontenttype may be %s',
    async (datacontenttype) => expect((await send(json, event(fresh(), { datacontenttype }))).body).toEqual(ONE),
  );

  it.each(['text/plain', 'application/jsonp', 'json', 'application/xml'])('but not %s', async (datacontenttype) => {
    const answer = await send(json, event(fresh(), { datacontenttype }));
    expect(answer.body).toMatchObject({ rejected: [{ path: 'datacontenttype' }] });
  });

  it.each([
    ['a', 1000],
    ['é', 900],
  ])('source may be long: %s × %d, with the longest id', async (letter, length) => {
    // nothing that PostgreSQL could compress
    const source = [...Array(length)]
      .map((_, n) => (letter === 'a' ? ((n * 7919) % 36).toString(36) : letter))
      .join('');
    const id = '😀'.repeat(200);
    const sent = event(id, { source });
    expect((await send(json, sent)).body).toEqual(ONE);
    expect((await send(json, sent)).body).toMatchObject({ duplicates: 1 });
  });

  it.each(['a'.repeat(1001), '😀'.repeat(451), ''])('source may not be %s', async (source) => {
    expect((await send(json, event(fresh(), { source }))).body).toMatchObject({ rejected: [{ path: 'source' }] });
  });
});

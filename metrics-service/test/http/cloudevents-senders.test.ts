import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CloudEvent, HTTP, type Message } from 'cloudevents';
import { AT, binary, fresh, ONE, receiver, started, type Receiver } from '../support/cloud-events.js';
import type { TestService } from '../support/service.js';

let service: TestService;
let send: Receiver['send'];
let logged: Receiver['logged'];
beforeAll(async () => {
  ({ service, send, logged } = await receiver());
});
afterAll(() => service.stop());

describe('the SDK of CloudEvents', () => {
  const sdkEvent = (id: string) =>
    new CloudEvent({ id, source: '/sdk', type: 'run.started', time: AT, data: started(id), traceparent: '00-1-2-03' });
  const post = ({ headers, body }: Message) => send(headers as Record<string, string>, body as string);

  it.each<[string, (event: CloudEvent<unknown>) => Message]>([
    ['binary', HTTP.binary],
    ['structured', HTTP.structured],
  ])('sends %s', async (_mode, toMessage) => {
    const id = fresh();
    const { status, body } = await post(toMessage(sdkEvent(id)));
    expect({ status, body }).toEqual({ status: 200, body: ONE });
    expect(await logged(id)).toMatchObject({
      source: '/sdk',
      data: started(id),
      attributes: { traceparent: '00-1-2-03' },
    });
  });

  it('sends bytes', async () => {
    const id = fresh();
    const data = new TextEncoder().encode(JSON.stringify(started(id)));
    const event = new CloudEvent({
      id,
      source: '/sdk',
      type: 'run.started',
      datacontenttype: 'application/json',
      data,
    });
    expect((await post(HTTP.structured(event))).body).toEqual(ONE);
    expect((await logged(id))?.data).toEqual(started(id));
  });
});

describe('brokers', () => {
  it('Knative delivers in binary mode, and is answered without a body that it would pass on', async () => {
    const id = fresh();
    const headers = {
      ...binary(id, {
        'ce-time': AT,
        'ce-knativearrivaltime': '2026-01-31T09:00:00.123456789Z',
        'ce-partitionkey': 'p',
      }),
      ...{ 'content-type': 'application/json', 'kn-namespace': 'agents', prefer: 'reply' },
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    };
    const delivered = await send(headers, JSON.stringify(started(id)));
    expect([delivered.status, delivered.body]).toEqual([204, null]);
    expect(await logged(id)).toMatchObject({ attributes: { partitionkey: 'p' } });
    const again = await send(
      { ...headers, 'ce-knativearrivaltime': '2026-01-31T09:00:09Z' },
      JSON.stringify(started(id)),
    );
    expect(again.status).toBe(204);
    const rejected = await send({ ...headers, 'ce-id': fresh(), 'ce-type': 'x' }, JSON.stringify(started(id)));
    expect([rejected.status, rejected.body.rejected[0].code]).toEqual([422, 'unknown_type']);
  });

  it('Event Grid greets, then delivers batches', async () => {
    const asked = { 'webhook-request-origin': 'eventgrid.azure.net', 'webhook-request-rate': '120' };
    const callback = { 'webhook-request-callback': 'https://grid.example/callback?id=1' };
    const response = await fetch(`${service.address}/v1/events`, {
      method: 'OPTIONS',
      headers: { ...asked, ...callback },
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      allow: 'POST',
      'webhook-allowed-origin': 'eventgrid.azure.net',
      'webhook-allowed-rate': '120',
    });
    const ids = [fresh(), fresh()];
    const events = ids.map((id) => ({
      ...{ specversion: '1.0', id, type: 'run.started', time: '2026-01-31T09:00:00.1234567Z', subject: `runs/${id}` },
      source: '/subscriptions/0000/resourceGroups/rg/providers/Microsoft.EventGrid/topics/agents',
      data: started(id),
    }));
    const grid = { 'aeg-event-type': 'Notification', 'aeg-delivery-count': '0', 'aeg-data-version': '' };
    const type = { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' };
    expect((await send({ ...grid, ...type }, JSON.stringify(events))).body).toMatchObject({ accepted: 2 });
  });

  it.each([
    ['no rate', undefined, null],
    ['any rate', '*', '120000'],
    ['more than a token may', '9999999', '120000'],
    ['no number', 'fast', '120000'],
  ])('a greeting with %s', async (_what, rate, allowed) => {
    const headers = { 'webhook-request-origin': 'o', ...(rate === undefined ? {} : { 'webhook-request-rate': rate }) };
    const response = await fetch(`${service.address}/v1/events`, { method: 'OPTIONS', headers });
    expect([response.status, response.headers.get('webhook-allowed-rate')]).toEqual([200, allowed]);
  });

  it('OPTIONS without a greeting says which methods there are', async () => {
    const { status, headers } = await fetch(`${service.address}/v1/events`, { method: 'OPTIONS' });
    expect([status, headers.get('allow'), headers.get('webhook-allowed-origin')]).toEqual([200, 'POST', null]);
  });
});

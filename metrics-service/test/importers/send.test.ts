import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { jsonOf, makeEvent } from '../../src/importers/events.js';
import { Sender } from '../../src/importers/send.js';

const event = (number: number, text = '') =>
  makeEvent('urn:test', 'run.deleted', 1_767_225_600_000, { runId: `r${number}`, text });
const events = (count: number) => Array.from({ length: count }, (_, index) => event(index));

type Step =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | 'cut'
  | 'cut within'
  | 'portal'
  | 'accept';
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A service that answers as told, then accepts everything; remembers the ids of each request. */
async function service(steps: Step[]) {
  const requests: string[][] = [];
  const waits: number[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const sent = JSON.parse(Buffer.concat(chunks).toString()) as { id: string }[];
      requests.push(sent.map(({ id }) => id));
      const step = steps.shift() ?? 'accept';
      if (step === 'cut') return request.socket.destroy();
      if (step === 'portal') return response.end('<html>Sign in to this network</html>');
      if (step === 'cut within') {
        response.writeHead(200, { 'content-length': 1000 });
        return response.write('{"accepted":', () => request.socket.destroy());
      }
      const accepted = { accepted: sent.length, duplicates: 0, rejected: [] };
      const answer = step === 'accept' ? { status: 200, body: accepted } : { body: accepted, ...step };
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        ...('headers' in answer ? answer.headers : {}),
      });
      return response.end(JSON.stringify(answer.body));
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const sender = new Sender({
    url,
    token: 'rb_test',
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  return { requests, waits, sender, url };
}

describe('sending', () => {
  it('the same JSON as the event itself has, whoever made it', () => {
    const said = { runId: 'r"\\\u2028é', none: undefined, list: [null, { a: 0.5 }] };
    const made = makeEvent('urn:"odd"', 'run.deleted', 1_767_225_600_000, said, 'a "seq"');
    for (const one of [made, { ...made }]) expect(jsonOf(one)).toBe(JSON.stringify(made));
  });

  it('in batches of two thousand events', async () => {
    const { sender, requests } = await service([]);
    for (let part = 0; part < 4600; part += 100) await sender.add(events(4600).slice(part, part + 100));
    expect(await sender.end()).toEqual({ accepted: 4600, duplicates: 0, rejected: 0, reasons: [] });
    // three are under way at a time
    expect(requests.map((ids) => ids.length).sort()).toEqual([2000, 2000, 600].sort());
    expect(new Set(requests.flat()).size).toBe(4600);
  });

  it('in batches of a few megabytes', async () => {
    const { sender, requests } = await service([]);
    await sender.add(Array.from({ length: 5 }, (_, index) => event(index, 'x'.repeat(1_500_000))));
    await sender.end();
    expect(requests.map((ids) => ids.length).sort()).toEqual([1, 2, 2]);
  });

  it('compresses what leaves the machine', async () => {
    const bodies: unknown[] = [];
    const answer = { accepted: 3, duplicates: 0, rejected: [] };
    const sender = new Sender({
      url: 'https://runboard.example',
      token: 'rb_test',
      fetch: (_url, request) => {
        expect(request!.headers).toMatchObject({ 'content-encoding': 'gzip' });
        bodies.push(JSON.parse(gunzipSync(request!.body as Buffer).toString()));
        return Promise.resolve(Response.json(answer));
      },
    });
    await sender.add(events(3));
    expect((await sender.end()).accepted).toBe(3);
    expect(bodies).toEqual([JSON.parse(JSON.stringify(events(3)))]);
  });

  it('tries the same ids again while the service is busy or away, and waits as it asks', async () => {
    const { sender, requests, waits } = await service([
      { status: 503, headers: { 'retry-after': '7' } },
      'cut',
      { status: 429 },
      { status: 502, headers: { 'retry-after': '100000' } },
    ]);
    await sender.add(events(3));
    expect((await sender.end()).accepted).toBe(3);
    expect(requests).toHaveLength(5);
    for (const ids of requests) expect(ids).toEqual(requests[0]);
    expect(waits).toEqual([7000, 1000, 2000, 30_000]);
  });

  it('tries again where the network goes away within the answer, or something else answers in its place', async () => {
    const { sender, requests } = await service(['accept', 'cut within', 'portal', 'portal']);
    await sender.add(events(1));
    await sender.end();
    await sender.add(events(2));
    expect((await sender.end()).accepted).toBe(3);
    expect(requests.map((ids) => ids.length)).toEqual([1, 2, 2, 2, 2]);
  });

  it('stops where no Runboard has ever answered', async () => {
    const { sender, requests } = await service(['portal']);
    await sender.add(events(1));
    await expect(sender.end()).rejects.toThrow('answered 200');
    expect(requests).toHaveLength(1);
  });

  it('gives up at last, and says so', async () => {
    const { sender, requests } = await service(Array.from({ length: 20 }, () => ({ status: 503 })));
    await sender.add(events(1));
    await expect(sender.end()).rejects.toThrow(/answered 503; gave up after 10 attempts/);
    expect(requests).toHaveLength(10);
    const unreachable = new Sender({ url: 'http://127.0.0.1:1', token: 'x', sleep: () => Promise.resolve() });
    await unreachable.add(events(1));
    await expect(unreachable.end()).rejects.toThrow('http://127.0.0.1:1 cannot be reached (');
  });

  it.each<[number, RegExp]>([
    [401, /does not accept this token/],
    [403, /needs the scope "ingest"/],
    [400, /answered 400: it is no JSON/],
    [404, /answered 404/],
  ])('stops on %d with a message', async (status, message) => {
    const { sender, requests } = await service([{ status, body: { title: 'Bad', detail: 'it is no JSON' } }]);
    await sender.add(events(1));
    await expect(sender.end()).rejects.toThrow(message);
    expect(requests).toHaveLength(1);
  });

  it('asks for another token where its own has ended, if it can', async () => {
    const { requests, url } = await service([{ status: 401 }, 'accept', { status: 401 }, { status: 401 }]);
    let renewed = 0;
    const renew = () => Promise.resolve({ url, token: `rb_${(renewed += 1)}` });
    const sender = new Sender({ url, token: 'rb_test', renew });
    await sender.add(events(2));
    expect((await sender.end()).accepted).toBe(2);
    await sender.add(events(1));
    await expect(sender.end()).rejects.toThrow(/does not accept this token/);
    expect([renewed, requests.length]).toEqual([2, 4]);
  });

  it('tries nothing again once it is told to stop', async () => {
    const stop = new AbortController();
    const onRetry = () => stop.abort();
    const options = { url: 'http://127.0.0.1:1', token: 'x', attempts: Infinity, signal: stop.signal, onRetry };
    const sender = new Sender(options);
    await sender.add(events(1));
    await expect(sender.end()).rejects.toThrow('gave up after 2 attempts');
  });

  it('cuts a batch that is too large in two', async () => {
    const { sender, requests } = await service([{ status: 413, body: {} }]);
    await sender.add(events(5));
    expect((await sender.end()).accepted).toBe(5);
    expect(requests.map((ids) => ids.length)).toEqual([5, 3, 2]);
  });

  it('reports what was rejected', async () => {
    const rejected = [{ index: 1, id: 'x', code: 'invalid_event', path: 'data.at', message: 'must be a time' }];
    const { sender } = await service([{ status: 207, body: { accepted: 1, duplicates: 1, rejected } }]);
    await sender.add(events(3));
    expect(await sender.end()).toEqual({
      accepted: 1,
      duplicates: 1,
      rejected: 1,
      reasons: [{ type: 'run.deleted', path: 'data.at', message: 'must be a time' }],
    });
  });
});

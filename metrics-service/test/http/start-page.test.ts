import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { VERSION } from '../../src/version.js';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  const config = { boardsUrl: 'https://grafana.example.org/d/runboard-overview?a=1&b="<' };
  service = await testService({ config });
});
afterAll(() => service.stop());

it('says what this is, its version and state, and where the boards and the API are', async () => {
  const { status, body, headers } = await service.request('/', { headers: { accept: 'text/html' } });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(body).toContain('Metrics for coding agents');
  expect(body).toContain(`<dd>${VERSION}</dd>`);
  expect(body).toContain('Ready: it takes events');
  expect(body).toContain('href="https://grafana.example.org/d/runboard-overview?a=1&amp;b=&quot;&lt;"');
  for (const [, path] of body.matchAll(/href="(\/[^"]*)"/g)) {
    expect([path, (await fetch(service.address + path)).status]).toEqual([path, 200]);
  }
});

it('runs nothing, and allows its own style alone', async () => {
  const { body, headers } = await service.request('/');
  const [, style] = /<style>([^]*?)<\/style>/.exec(body)!;
  const policy = headers.get('content-security-policy')!;
  expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style!).digest('base64')}'`);
  expect(policy).toContain("default-src 'none'");
  expect(body).not.toContain('<script');
});

it('says why it is not ready', async () => {
  const other = await testService();
  const owner = new pg.Client({ connectionString: other.url });
  await owner.connect();
  await owner.query(`delete from pgmigrations where name = '0001_initial'`);
  await owner.end();
  expect((await other.request('/')).body).toContain('Not ready: migrations are missing (0001_initial): run `runboard');
  await other.stop();
});

it('takes no other method', async () => {
  expect((await service.request('/', { method: 'POST', body: {} })).status).toBe(405);
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.stop());

describe('GET /docs', () => {
  it('is a page whose files all come from the service', async () => {
    const { status, body, headers } = await service.request('/docs');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const files = [...body.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file]: string[]) => file!);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(file).toMatch(/^\/[^/]/);
      expect([file, (await fetch(service.address + file)).status]).toEqual([file, 200]);
    }
  });

  it('lets its own script run and no other, over plain HTTP too', async () => {
    const { body, headers } = await service.request('/docs');
    const policy = headers.get('content-security-policy')!;
    const [, script] = /<script>([^]*?)<\/script>/.exec(body)!;
    expect(policy).toContain(`'sha256-${createHash('sha256').update(script!).digest('base64')}'`);
    expect(policy).not.toMatch(/upgrade-insecure-requests|https?:|script-src[^;]*unsafe/);
  });

  it('loosens the policy for nothing else', async () => {
    for (const path of ['/health', '/openapi.json', '/docs/nothing', '/v1/catalogue']) {
      const { headers } = await service.request(path);
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self';/);
    }
  });

  it('repeats nothing of the request in HTML', async () => {
    const hostile = '"><script>alert(1)</script>';
    expect((await service.request(`/docs?url=${encodeURIComponent(hostile)}`)).body).not.toContain('alert(1)');
    for (const path of [
      `/docs/${hostile}`,
      `/docs/${encodeURIComponent(hostile)}`,
      `/docs/%00${hostile}`,
      `/${hostile}`,
    ]) {
      const { status, headers } = await service.request(path);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('serves no file from elsewhere', async () => {
    for (const path of ['/docs/../package.json', '/docs/%2e%2e/%2e%2e/package.json', '/docs/..%2f..%2fpackage.json']) {
      const { status, headers } = await service.request(path);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });
});

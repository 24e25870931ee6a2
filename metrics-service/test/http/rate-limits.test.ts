import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBadge } from '../../src/access/badges.js';
import { createToken, revokeToken } from '../../src/access/tokens.js';
import { problem } from '../../src/contract/answers.js';
import { testService, type Answer, type TestService } from '../support/service.js';

const catalogue = (service: TestService, token?: string, headers?: Record<string, string>): Promise<Answer> =>
  service.request('/v1/catalogue', { token, headers });
const many = <T>(count: number, ask: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
const statuses = (answers: Answer[]): number[] => [...new Set(answers.map(({ status }) => status))].sort();
const wrong = (index: number): string => `rb_${String(index).padStart(43, '0')}`;

function expectLimited({ status, headers, body }: Answer, says: string): void {
  expect([status, body.code, body.detail]).toEqual([429, 'rate_limited', expect.stringContaining(says)]);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(headers.get('retry-after')).toMatch(/^\d+$/);
  problem.parse(body);
}

describe('more requests a second than a token may make', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await testService({ config: { rateLimitPerToken: 2 } });
  });
  afterAll(() => service.stop());

  it('get a 429 that says when to come back, and are then answered', async () => {
    const answers = await many(40, () => catalogue(service));
    expect(statuses(answers)).toEqual([200, 429]);
    const limited = answers.find(({ status }) => status === 429)!;
    expectLimited(limited, 'with your token');
    expect(limited.headers.get('ratelimit')).toContain('"token"; r=0; t=1');
    expect(limited.headers.get('ratelimit-policy')).toContain('"token"; q=2; w=1');
    const again = async (): Promise<Answer> => {
      const answer = await catalogue(service);
      if (answer.status !== 429) return answer;
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get('retry-after'))));
      return again();
    };
    expect((await again()).status).toBe(200);
  });

  it('hurt no other token, not even of the same organization and name', async () => {
    const { token } = await createToken(service.database, 'acme', { name: 'test', scopes: ['read'] });
    const [mine, other] = await Promise.all([many(40, () => catalogue(service)), catalogue(service, token)]);
    expect([statuses(mine), other.status]).toEqual([[200, 429], 200]);
  });
});

describe('more requests a second than an address may make', () => {
  it('get a 429 with or without a token, but for /health and /ready', async () => {
    const service = await testService({ config: { rateLimitPerAddress: 2 } });
    const paths = ['/v1/catalogue', '/openapi.json', '/nothing', '/docs', '/metrics'];
    const answers = await many(40, (index) => service.request(paths[index % paths.length]!));
    expectLimited(
      answers.find(({ status }) => status === 429)!,
      'from your address',
    );
    expect(statuses(await many(40, (index) => service.request(index % 2 ? '/health' : '/ready')))).toEqual([200]);
    await service.stop();
  });

  // each request says to come from somewhere else
  it.each([
    ['is not believed', false as const, 'true'],
    ['is believed from a proxy', 1, 'false'],
    ['is believed from that proxy', ['loopback'], 'false'],
    ['is not believed from others than that proxy', ['10.0.0.0/8'], 'true'],
  ])('X-Forwarded-For %s', async (_what, trustProxy, limited) => {
    const service = await testService({ config: { rateLimitPerAddress: 2, trustProxy } });
    const answers = await many(40, (index) => catalogue(service, undefined, { 'x-forwarded-for': `192.0.2.${index}` }));
    expect(String(statuses(answers).includes(429))).toBe(limited);
    await service.stop();
  });

  it('an IPv6 network is one address, and what a client puts before the proxy does not count', async () => {
    const service = await testService({ config: { rateLimitPerAddress: 2, trustProxy: 1 } });
    const from = (index: number): string => `198.51.100.${index}, 2001:db8::${index.toString(16)}`;
    const answers = await many(40, (index) => catalogue(service, undefined, { 'x-forwarded-for': from(index) }));
    expect(statuses(answers)).toEqual([200, 429]);
    await service.stop();
  });
});

describe('tokens that open nothing', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await testService({ config: { rateLimitBadTokens: 5 } });
  });
  afterAll(() => service.stop());

  it('are told so after so many a minute; a valid one opens what it does, also one that nobody used before', async () => {
    const unseen = (await createToken(service.database, 'acme', { name: 'unseen', scopes: ['read'] })).token;
    expect((await catalogue(service)).status).toBe(200);
    for (let index = 0; index < 5; index += 1) expect((await catalogue(service, wrong(index))).status).toBe(401);

    expectLimited(await catalogue(service, wrong(5)), 'unknown, expired or revoked');
    expect(statuses([await catalogue(service, unseen), await catalogue(service)])).toEqual([200]);

    // as after a start of the service, while somebody guesses on
    const late = (await createToken(service.database, 'acme', { name: 'late', scopes: ['read'] })).token;
    const [guesses, valid] = await Promise.all([
      many(30, (n) => catalogue(service, wrong(100 + n))),
      catalogue(service, late),
    ]);
    expect([statuses(guesses), valid.status]).toEqual([[429], 200]);

    await revokeToken(service.database, 'acme', { name: 'test' });
    expectLimited(await catalogue(service), 'try again in a minute');
  });
});

describe('badges that are none', () => {
  it('count by themselves: neither tokens nor other badges suffer', async () => {
    const service = await testService({ config: { rateLimitBadTokens: 5 } });
    const { token } = await createBadge(service.database, 'acme', { workItemId: 'W-1' });
    const badge = (of: string) => service.request(`/v1/badges/${of}.json`);
    const asked = await many(5, (index) => badge(`rbb_${String(index).padStart(27, '0')}`));
    expect(statuses(asked)).toEqual([404]);
    expectLimited(await badge('rbb_no'), 'unknown, expired or revoked badges');
    expect([(await badge(token)).status, (await catalogue(service, wrong(1))).status]).toEqual([200, 401]);
    await service.stop();
  });
});

describe('limits of 0', () => {
  it('are none', async () => {
    const none = { rateLimitPerToken: 0, rateLimitPerAddress: 0, rateLimitBadTokens: 0 };
    const service = await testService({ config: none });
    const [good, bad] = [await many(20, () => catalogue(service)), await many(20, (n) => catalogue(service, wrong(n)))];
    expect([statuses(good), statuses(bad)]).toEqual([[200], [401]]);
    expect(good[0]!.headers.get('ratelimit')).toBeNull();
    await service.stop();
  });
});

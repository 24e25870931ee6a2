import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { served, type Served } from '../support/served.js';
import { createToken } from '../../src/access/tokens.js';
import { createOrganization } from '../../src/access/organizations.js';
import type { TokenScope } from '../../src/contract/access.js';
import { OPERATIONS } from '../../src/openapi/operations/index.js';
import { attackRoutes } from './routes.js';

const REQUESTS = 60 * Number(process.env.RUNBOARD_TEST_RUNS ?? 10);
const SEED = Number(process.env.RUNBOARD_TEST_SEED ?? Date.now() % 1_000_000);

let service: Served;
beforeAll(async () => {
  service = await served({ rateLimitBadTokens: 0, rateLimitPerToken: 0, rateLimitPerAddress: 0 });
});
afterAll(() => service.stop());

/** A part of `npm run attack -- routes`. */
it('no hostile request to any route gets what its asker must not see, or breaks the service', async () => {
  const known = new Set<string>();
  const token = async (orgId: string, scopes: string[]): Promise<string> => {
    if (!known.has(orgId)) await createOrganization(service.database, orgId, { storeText: true });
    known.add(orgId);
    return (await createToken(service.database, orgId, { name: 'attack', scopes: scopes as TokenScope[] })).token;
  };
  const report = await attackRoutes({ url: service.url, token }, { seed: SEED, requests: REQUESTS });
  expect({ seed: SEED, findings: report.findings }).toEqual({ seed: SEED, findings: [] });
  expect(report.routes).toBe(OPERATIONS.length);
  expect(report.statuses['200']).toBeGreaterThan(REQUESTS / 20);
}, 120_000);

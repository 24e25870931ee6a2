import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import type { Express } from 'express';
import { pino } from 'pino';
import { createOrganization, type OrganizationSettings } from '../../src/access/organizations.js';
import { createToken } from '../../src/access/tokens.js';
import { loadConfig, type Config } from '../../src/config.js';
import type { TokenScope } from '../../src/contract/access.js';
import type { Pools } from '../../src/db/pools.js';
import { httpServer } from '../../src/http/connections.js';
import { startWorker, type JobOutcome } from '../../src/jobs/worker.js';
import { loadPrices } from '../../src/pricing/index.js';
import { createService } from '../../src/service.js';
import { testDatabase, type TestDatabase } from './database.js';

export interface TestService extends TestDatabase {
  app: Express;
  /** the service's own connections */
  pools: Pools;
  /** http://127.0.0.1:… */
  address: string;
  /** Sends a request with the organization's token; `body` that is no text goes as JSON. */
  request(
    path: string,
    options?: { method?: string; body?: unknown; token?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  organization(orgId: string, settings?: Partial<OrganizationSettings>, scopes?: TokenScope[]): Promise<string>;
  /** one more organization, of any name, with a token for ingest, directory, admin and read */
  newOrganization(): Promise<{ orgId: string; token: string }>;
  /** Sends events of which none may be rejected. */
  accept(token: string, events: object[]): Promise<{ accepted: number; duplicates: number }>;
  /** a token of that organization with scopes ingest, directory, admin and read */
  token: string;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** parsed JSON, or the text */
  body: any;
}

/** What a stream, which does not end, begins with. */
async function beginningOf({ body }: Response): Promise<string> {
  if (!body) return '';
  const reader = body.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}

/** The whole service on a database, a fresh one if none is given, and a free port, with one organization, `acme` if not said otherwise. */
export async function testService(
  options: {
    clock?: () => number;
    config?: Partial<Config>;
    organization?: string;
    on?: TestDatabase;
    /** whether jobs in the background are done */
    jobs?: boolean;
  } = {},
): Promise<TestService> {
  const opened = options.on ?? (await testDatabase());
  const { database } = opened;
  const config = { ...loadConfig({}), ...options.config };
  const prices = loadPrices(config.pricesFile);
  const log = pino({ level: 'silent' });
  const clock = options.clock ?? Date.now;
  const { app, pools, monitoring, close } = await createService({
    ...{ config, databaseUrl: opened.url, prices, clock, log },
  });
  const onDone = (outcome: JobOutcome): void => monitoring.observeJob(outcome);
  const worker = options.jobs
    ? startWorker({
        ...{ databaseUrl: opened.url, database: pools.ingest, prices, log, onDone },
        settleMs: config.telemetrySettleMs ?? null,
      })
    : null;
  const server = httpServer(app, config);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const organization: TestService['organization'] = async (
    orgId,
    settings,
    scopes = ['ingest', 'directory', 'admin', 'read'],
  ) => {
    await createOrganization(database, orgId, settings);
    return (await createToken(database, orgId, { name: 'test', scopes })).token;
  };
  const token = await organization(options.organization ?? 'acme');
  let organizations = 0;
  const request: TestService['request'] = async (path, { method, body, token: other, headers } = {}) => {
    const response = await fetch(address + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { authorization: `Bearer ${other ?? token}`, 'content-type': 'application/json', ...headers },
      body:
        body === undefined
          ? undefined
          : typeof body === 'string' || body instanceof Buffer
            ? body
            : JSON.stringify(body),
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    const text = isStream ? await beginningOf(response) : await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  };
  return {
    ...opened,
    app,
    pools,
    address,
    token,
    organization,
    request,
    async newOrganization() {
      const orgId = `o${(organizations += 1)}`;
      return { orgId, token: await organization(orgId) };
    },
    async accept(sender, events) {
      const { status, body } = await request('/v1/events', { token: sender, body: events });
      expect({ status, rejected: body.rejected }).toEqual({ status: 200, rejected: [] });
      return body as { accepted: number; duplicates: number };
    },
    async stop() {
      await worker?.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await close();
      await opened.drop();
    },
  };
}

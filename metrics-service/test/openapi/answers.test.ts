import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { createBadge } from '../../src/access/badges.js';
import { startWorld, WINDOW, type World } from '../query/world.js';
import { Description } from '../support/described.js';

let world: World;
let description: Description;
beforeAll(async () => {
  world = await startWorld();
  description = new Description((await world.request('/openapi.json')).body);
});
afterAll(() => world.stop());

/** The routes of an app as `get /path/{name}`; those for methods that a path does not take are left out. */
function routesOf(layers: any[]): string[] {
  return layers.flatMap(({ route, handle }) => {
    if (!route) return Array.isArray(handle?.stack) ? routesOf(handle.stack) : [];
    const methods = Object.keys(route.methods);
    // app.all: the answer to methods that a path does not take
    if (methods.length > 10) return [];
    return methods.map((method) => `${method} ${String(route.path).replace(/:(\w+)/g, '{$1}')}`);
  });
}

function described(): string[] {
  const { paths } = description.document;
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
}

describe('GET /openapi.json', () => {
  it('needs no token and describes every route of the service, and no other', async () => {
    const response = await fetch(`${world.address}/openapi.json`);
    expect([response.status, await response.json()]).toEqual([200, description.document]);
    expect(routesOf(world.app.router.stack).sort()).toEqual(described().sort());
  });

  it('would see a route that is not described', () => {
    const app = express();
    const inner = express.Router();
    inner.get('/a/:b', () => {});
    app.use(inner);
    app.post('/c', () => {});
    app.all('/c', () => {});
    expect(routesOf(app.router.stack)).toEqual(['get /a/{b}', 'post /c']);
  });
});

type Case = [what: string, method: string, path: string, options: Parameters<World['request']>[1], status: number];

const event = { specversion: '1.0', id: 'e', source: 'o', type: 'run.deleted', time: '2026-01-01T00:00:00Z' };
const valid = { ...event, data: { runId: 'nobody' } };
const query = (members: object) => ({
  body: { ...WINDOW, queries: [{ view: 'total', metrics: ['runs'], ...members }] },
});
const xml = { 'content-type': 'application/xml' };
const viewer = { 'x-runboard-viewer-kind': 'user' };

const EVENTS: Case[] = [
  ['a new event', 'post', '/v1/events', { body: valid }, 200],
  ['the same again', 'post', '/v1/events', { body: [valid, valid] }, 200],
  ['no event', 'post', '/v1/events', { body: [] }, 200],
  ['one good, one bad', 'post', '/v1/events', { body: [valid, { ...event, id: 'f' }] }, 207],
  ['another content', 'post', '/v1/events', { body: { ...event, data: { runId: 'else' } } }, 422],
  ['all kinds of wrong', 'post', '/v1/events', { body: [null, 1, [], {}, { id: 1 }, { ...event, type: 'x' }] }, 422],
  [
    'a line that is no JSON',
    'post',
    '/v1/events',
    { body: '{', headers: { 'content-type': 'application/x-ndjson' } },
    422,
  ],
  ['no JSON', 'post', '/v1/events', { body: '{' }, 400],
  ['gzip that is none', 'post', '/v1/events', { body: '[]', headers: { 'content-encoding': 'gzip' } }, 400],
  ['too many', 'post', '/v1/events', { body: `[${'1,'.repeat(10_000)}1]` }, 413],
  ['XML', 'post', '/v1/events', { body: '<a/>', headers: xml }, 415],
  ['no token', 'post', '/v1/events', { body: [], headers: { authorization: '' } }, 401],
  ['for a broker', 'post', '/v1/events', { body: valid, headers: { prefer: 'reply' } }, 204],
  ['a handshake', 'options', '/v1/events', { headers: { 'webhook-request-origin': 'grid.example' } }, 200],
];

const TELEMETRY: Case[] = [
  ['logs', 'post', '/v1/logs', { body: { resourceLogs: [] } }, 200],
  ['spans', 'post', '/v1/traces', { body: {} }, 200],
  [
    'metrics of nobody',
    'post',
    '/v1/metrics',
    { body: { resourceMetrics: [{ scopeMetrics: [{ metrics: [{}] }] }] } },
    200,
  ],
  ['no JSON', 'post', '/v1/logs', { body: '{' }, 400],
  ['XML', 'post', '/v1/traces', { body: '<a/>', headers: xml }, 415],
  ['no token', 'post', '/v1/metrics', { body: {}, headers: { authorization: '' } }, 401],
];

const HOOKS: Case[] = [
  [
    'a hook',
    'post',
    '/v1/hooks/claude-code',
    { body: { session_id: 's', hook_event_name: 'Stop', prompt_id: 'p' } },
    200,
  ],
  ['an unknown one', 'post', '/v1/hooks/claude-code', { body: { hook_event_name: 'Setup' } }, 200],
  ['no JSON', 'post', '/v1/hooks/claude-code', { body: '{' }, 200],
  ['too large', 'post', '/v1/hooks/claude-code', { body: JSON.stringify('x'.repeat(1_100_000)) }, 200],
  ['a runner', 'post', '/v1/hooks/runner', { body: { sessionId: 's', exitReason: 'failed' } }, 200],
  ['no token', 'post', '/v1/hooks/runner', { body: {}, headers: { authorization: '' } }, 401],
];

const QUESTIONS: Case[] = [
  ['a total', 'post', '/v1/query', query({}), 200],
  ['with compare', 'post', '/v1/query', query({ compare: 'previous' }), 200],
  ['a series by two', 'post', '/v1/query', query({ view: 'series', groupBy: ['team', 'repo'], interval: 'day' }), 200],
  ['a table', 'post', '/v1/query', query({ view: 'table', groupBy: 'user', metrics: ['total_cost', 'runs'] }), 200],
  ['sessions', 'post', '/v1/query', query({ view: 'sessions' }), 200],
  ['what there is not', 'post', '/v1/query', query({ metrics: ['x'] }), 200],
  ['no queries', 'post', '/v1/query', { body: {} }, 400],
  ['no JSON', 'post', '/v1/query', { body: 'x' }, 400],
  ['a large body', 'post', '/v1/query', { body: ' '.repeat(1024 * 1024 + 1) }, 413],
  ['XML', 'post', '/v1/query', { body: '<a/>', headers: xml }, 415],
  ['an unknown encoding', 'post', '/v1/query', { body: '{}', headers: { 'content-encoding': 'x' } }, 415],
  ['a wrong token', 'post', '/v1/query', { body: {}, token: 'rb_no' }, 401],
  ['a viewer', 'post', '/v1/query', { body: {}, headers: viewer }, 403],
  ['the catalogue', 'get', '/v1/catalogue', {}, 200],
  ['without a token', 'get', '/v1/catalogue', { headers: { authorization: '' } }, 401],
  ['values', 'get', '/v1/dimensions/{name}/values', {}, 200],
  ['a wrong limit', 'get', '/v1/dimensions/{name}/values?limit=0', {}, 400],
  ['a tool', 'post', '/mcp', { body: { jsonrpc: '2.0', id: 1, method: 'tools/list' } }, 200],
  ['no message', 'post', '/mcp', { body: { jsonrpc: '2.0' } }, 400],
  ['no JSON', 'post', '/mcp', { body: '{' }, 400],
  ['XML', 'post', '/mcp', { body: '<a/>', headers: xml }, 415],
  ['a wrong token', 'post', '/mcp', { body: {}, token: 'rb_no' }, 401],
  ['a file', 'get', '/v1/export/{view}.csv?from=0&to=1', {}, 200],
  ['a file of no window', 'get', '/v1/export/{view}.csv', {}, 400],
];

const SERVICE: Case[] = [
  ['costs', 'get', '/v1/work-items/{id}/costs', {}, 200],
  ['costs of an id', 'get', '/v1/work-items/costs?id=W-1', {}, 200],
  ['costs of no id', 'get', '/v1/work-items/costs', {}, 400],
  ['cost summary', 'get', '/v1/costs/summary', {}, 200],
  ['costs by item', 'get', '/v1/costs/by-work-item', {}, 200],
  ['no badge', 'get', '/v1/badges/{badgeToken}.svg', {}, 404],
  ['no badge for shields', 'get', '/v1/badges/{badgeToken}.json', {}, 404],
  ['what is going on now', 'get', '/v1/live', {}, 200],
  ['too much at once', 'get', '/v1/live?limit=10001', {}, 400],
  ['whose token', 'get', '/v1/me', {}, 200],
  ['nobody', 'get', '/v1/me', { headers: { authorization: 'Basic eDp5' } }, 401],
  ['alive', 'get', '/health', {}, 200],
  ['ready', 'get', '/ready', {}, 200],
  ['this description', 'get', '/openapi.json', {}, 200],
  ['its page', 'get', '/docs', {}, 200],
  ['the page at its own address', 'get', '/', {}, 200],
  ['metrics', 'get', '/metrics', {}, 200],
];

describe('an answer is as it is described', () => {
  it.each([...EVENTS, ...TELEMETRY, ...HOOKS, ...QUESTIONS, ...SERVICE])(
    '%s: %s %s',
    async (_what, method, path, options, status) => {
      const template = path.split('?')[0]!;
      const answer = await world.request(path.replace('{name}', 'user').replace('{view}', 'runs'), {
        method: method.toUpperCase(),
        ...options,
      });
      expect([answer.status, answer.body]).toEqual([status, answer.body]);
      expect(description.faultsOfAnswer(method, template, answer)).toEqual([]);
    },
  );

  it.each(['svg', 'json'])('a badge as %s', async (form) => {
    const { token } = await createBadge(world.database, 'acme', { workItemId: 'W-1' });
    const answer = await world.request(`/v1/badges/${token}.${form}`);
    expect(answer.status).toBe(200);
    expect(description.faultsOfAnswer('get', `/v1/badges/{badgeToken}.${form}`, answer)).toEqual([]);
  });

  it('with the wrong scope', async () => {
    const token = await world.organization('senders', {}, ['ingest']);
    const answer = await world.request('/v1/query', { body: {}, token });
    expect(answer.status).toBe(403);
    expect(description.faultsOfAnswer('post', '/v1/query', answer)).toEqual([]);
  });

  it.each(['/v1/nothing', '/v1/events'])('%s, which is not there or not for GET', async (path) => {
    const answer = await world.request(path);
    const { content, headers } = description.document.components.responses[String(answer.status)];
    expect(Object.keys(headers).filter((name) => !answer.headers.has(name))).toEqual([]);
    expect(Object.keys(content)).toEqual(['application/problem+json']);
    expect(description.faults(['components', 'schemas', 'Problem'], answer.body)).toEqual([]);
  });
});

import type { Request, RequestHandler } from 'express';
import { authenticate, LastUsed } from '../access/tokens.js';
import { readViewer } from '../access/viewer.js';
import type { TokenScope } from '../contract/access.js';
import { ApiError } from '../contract/problem.js';
import type { Services } from './services.js';

const BODILESS = new Set(['GET', 'HEAD']);
const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="runboard"' };

type TokenServices = Pick<Services, 'pools' | 'clock' | 'log' | 'limits'>;

/** The text of a request's bearer token; undefined: it has none. */
export function bearerOf({ headers }: Pick<Request, 'headers'>): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}

/** Requires a valid bearer token with one of the scopes; stores the caller in `response.locals`. */
export function requireScope(
  services: TokenServices,
  ...scopes: readonly [TokenScope, ...TokenScope[]]
): RequestHandler {
  return requireToken(services, scopes);
}

/** Like `requireScope`; any valid token will do if no scope is given. */
export function requireToken(services: TokenServices, scopes: readonly TokenScope[] = []): RequestHandler {
  const { clock, log, limits } = services;
  const database = services.pools.access;
  const lastUsed = new LastUsed(database);
  return async (request, response, next) => {
    const token = bearerOf(request);
    if (!token) {
      const message = 'send a token: Authorization: Bearer rb_…, made with `runboard token create`';
      throw new ApiError('unauthorized', message, CHALLENGE);
    }
    const identity = await limits.tokens.lookUp(request, token, () => authenticate(database, token, clock()));
    if (!identity) {
      const refusal = new ApiError('unauthorized', 'this token is unknown, expired or revoked', CHALLENGE);
      limits.tokens.refuse(request, response, token, (error?: unknown) => next(error ?? refusal));
      return;
    }
    limits.tokens.noteGood(token);
    response.locals.enter(identity);
    if (BODILESS.has(request.method)) response.locals.arrived();
    if (scopes.length > 0 && !scopes.some((scope) => identity.scopes.includes(scope))) {
      const message = `this needs a token with scope ${scopes.join(' or ')}; yours has ${identity.scopes.join(', ') || 'none'}`;
      throw new ApiError('missing_scope', message);
    }
    response.locals.token = identity;
    response.locals.asker = { orgId: identity.orgId, viewer: readViewer(request.headers, identity) };
    lastUsed
      .note(identity, clock())
      .catch((error: unknown) => log.warn({ err: error }, 'last use of a token not noted'));
    limits.perToken(request, response, next);
  };
}

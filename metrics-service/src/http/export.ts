import { Router, type Request } from 'express';
import { recordAuditEntry, tokenActor } from '../access/audit.js';
import type { TokenIdentity } from '../access/tokens.js';
import type { Asker } from '../access/viewer.js';
import { ApiError } from '../contract/problem.js';
import { exportCsv, EXPORTED_VIEWS } from '../export/index.js';
import { readBomParameter, readCursorParameter, readHeadingsParameter, readParameters } from '../export/parameters.js';
import { requireScope } from './authenticate.js';
import { asProblem } from './query.js';
import type { Services } from './services.js';

/** `GET /v1/export/{view}.csv`: a view as a file, streamed. */
export function exportRoute(services: Services): Router {
  const { config, pools, clock, log } = services;
  const pace = { bytesPerSecond: config.exportBytesPerSecond, behindMs: config.stallTimeoutMs };
  const router = Router();
  router.get('/v1/export/:view.csv', requireScope(services, 'read'), async (request, response) => {
    const view = String(request.params.view);
    if (!EXPORTED_VIEWS.includes(view)) {
      throw new ApiError('not_found', `there is no export of this view: one of ${EXPORTED_VIEWS.join(', ')}`);
    }
    const { asker, gone: signal, token } = response.locals;
    // pipeline adds several listeners for its end, besides ours
    response.setMaxListeners(20);
    const open = (fileName: string) =>
      response.attachment(fileName).set('Content-Type', 'text/csv; charset=utf-8; header=present');
    try {
      const given = readParameters(request.query);
      const cursor = readCursorParameter(request.query);
      const bom = readBomParameter(request.query);
      const units = readHeadingsParameter(request.query);
      const details = { what: view, ...callerOf(request) };
      const entry = { actor: tokenActor(token), action: 'exported', details } as const;
      const onRead = () => recordAuditEntry(pools.access, asker.orgId, entry).catch(refuseUnnoted);
      const person = personOf(token, asker);
      const asked = { view, given, cursor, bom, units, now: clock(), onRead, signal, pace, person };
      await exportCsv(pools.exports, asker, asked, open);
    } catch (error) {
      if (!response.headersSent && !response.destroyed) asProblem(error);
      // part of the file was sent: closing the connection early tells the reader that it is incomplete
      log.info({ err: error as Error, requestId: response.locals.requestId }, 'an export ended early');
    }
  });
  return router;
}

/** Whoever reads, as far as that is known: a Grafana has one token for many people. */
function personOf({ tokenId }: TokenIdentity, { viewer }: Asker): string {
  return JSON.stringify([tokenId, viewer?.kind, viewer?.email]);
}

const LONGEST_USER_AGENT = 200;

/** Where a request came from: the address that `RUNBOARD_TRUST_PROXY` makes of it, and the program as it names itself. */
function callerOf(request: Request): { address?: string; userAgent?: string } {
  const userAgent = request.get('User-Agent')?.slice(0, LONGEST_USER_AGENT);
  return { ...(request.ip && { address: request.ip }), ...(userAgent && { userAgent }) };
}

/** An export is recorded in the audit log first, or it does not happen. */
function refuseUnnoted(error: unknown): never {
  if (!(error instanceof ApiError) || error.code !== 'database_unavailable') throw error;
  const message = 'an export is written into the audit log first, and the database takes nothing now: try again later';
  throw new ApiError('database_unavailable', message, {}, error.cause);
}

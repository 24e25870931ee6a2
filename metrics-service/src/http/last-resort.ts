import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Express } from 'express';
import { ApiError, PROBLEMS } from '../contract/problem.js';
import { problemBody } from './problems.js';

/**
 * The app as a listener that answers with a problem even if the error handler itself fails, where Express would send an
 * HTML page with a stack trace.
 */
export function withLastResort(app: Express): RequestListener {
  const handle = app as unknown as (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  return (request, response) => handle(request, response, () => answerAnyhow(response));
}

function answerAnyhow(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const requestId = String(response.getHeader('X-Request-Id') ?? randomUUID());
  const body = problemBody(new ApiError('internal', 'something went wrong here'), requestId);
  response.writeHead(PROBLEMS.internal.status, { 'Content-Type': 'application/problem+json; charset=utf-8' }).end(body);
}

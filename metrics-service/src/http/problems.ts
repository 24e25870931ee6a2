import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { ApiError, PROBLEMS, type ProblemCode } from '../contract/problem.js';
import { OTLP_PATHS, sendStatus } from './otlp/answer.js';
import type { Services } from './services.js';

/** Answers an error as an RFC 9457 problem with `code` and `requestId`; to senders of OTLP as a Status. */
function sendProblem(response: Response, error: ApiError): void {
  const { status } = PROBLEMS[error.code];
  response.locals.problem = error.code;
  response.set({ ...(status === 503 ? { 'Retry-After': '1' } : {}), ...error.headers });
  if (OTLP_PATHS.includes(response.req.path)) return sendStatus(response, error);
  response.status(status).type('application/problem+json').send(problemBody(error, response.locals.requestId));
}

/** An error as the text of an RFC 9457 problem. */
export function problemBody({ code, message }: ApiError, requestId: string): string {
  const { status, title } = PROBLEMS[code];
  return JSON.stringify({ type: 'about:blank', title, status, detail: message, code, requestId });
}

/** The errors of body-parser and Node, in our codes. */
function knownError(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  const { type, status, message } = error as { type?: unknown; status?: unknown; message?: string };
  if (type === 'entity.too.large')
    return new ApiError('too_large', 'the body is larger than this service takes: send smaller batches');
  if (type === 'encoding.unsupported')
    return new ApiError('unsupported_media_type', 'send the body plain or with Content-Encoding gzip');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const code: ProblemCode =
      status === 415 ? 'unsupported_media_type' : status === 413 ? 'too_large' : 'invalid_request';
    return new ApiError(code, message ?? STATUS_CODES[status] ?? 'bad request');
  }
  return null;
}

/** The last handler: every error becomes a problem; unexpected ones are logged, not shown. */
export function problems({ log }: Pick<Services, 'log'>): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = knownError(error);
    const { requestId } = response.locals;
    if (!known) log.error({ err: error as Error, requestId }, 'unexpected error');
    else if (known.cause) log.warn({ err: known.cause, requestId }, known.message);
    sendProblem(
      response,
      known ?? new ApiError('internal', 'something went wrong here; the log has it under this requestId'),
    );
  };
}

/** For paths without a route. */
export const notFound: RequestHandler = (request) => {
  throw new ApiError('not_found', `there is no ${request.path.slice(0, 200)}`);
};

/** For methods that a path does not support. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (request) => {
    const methods = allowed.join(', ');
    throw new ApiError('method_not_allowed', `${request.method} is not allowed here: use ${methods}`, {
      Allow: methods,
    });
  };
}

import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from '../contract/problem.js';
import { problemBody } from './problems.js';

/** For requests that are not valid HTTP and so reach no route: answers a problem like everywhere else, then closes. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, answering?: ServerResponse): void {
  // in the middle of another answer it would be read as part of that
  if (!socket.writable || error.code === 'ECONNRESET' || answering?.headersSent) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const problem = problemOf(error);
  const body = problemBody(problem, requestId);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function problemOf({ code }: NodeJS.ErrnoException): ApiError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ApiError('request_timeout', 'the request did not arrive in time');
  const reason = code === 'HPE_HEADER_OVERFLOW' ? 'the headers are larger than 16 KiB' : 'this is no HTTP request';
  return new ApiError('invalid_request', reason);
}

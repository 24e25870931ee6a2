import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Config } from '../config.js';
import { answerClientError } from './client-error.js';

/** In bytes; client-error.ts has it in words. */
const MAX_HEADER_SIZE = 16 * 1024;
const HEADERS_WITHIN_MS = 15_000;
/** How often Node.js checks for requests that are late. */
const LOOK_EVERY_MS = 5_000;
/** Longer than clients keep a connection (Go: 90 s), so that none sends on one that is just being closed. */
const KEEP_ALIVE_MS = 95_000;

type Limits = Pick<Config, 'maxConnections' | 'requestTimeoutMs' | 'stallTimeoutMs'>;

/** An HTTP server that waits for nobody forever: not for headers or a body, nor for a slow reader of its answer. */
export function httpServer(app: RequestListener, { maxConnections, requestTimeoutMs, stallTimeoutMs }: Limits): Server {
  const options = {
    maxHeaderSize: MAX_HEADER_SIZE,
    headersTimeout: Math.min(HEADERS_WITHIN_MS, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, requestTimeoutMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const server = createServer(options, app);
  server.maxConnections = maxConnections;
  const answering = new WeakMap<Duplex, ServerResponse>();
  server.on('clientError', (error, socket) => answerClientError(error, socket, answering.get(socket)));
  // Node.js would refuse it by itself, with an empty 417; servers may ignore what they do not know
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.setTimeout(stallTimeoutMs);
  server.on('request', (request, response: ServerResponse) => {
    answering.set(request.socket, response);
    response.once('close', () => answering.delete(request.socket));
    // after this long without a byte in either direction
    response.on('timeout', (socket: Socket) => {
      const isOurTurn = request.complete && socket.writableLength === 0;
      if (isOurTurn) socket.setTimeout(stallTimeoutMs);
      else socket.destroy();
    });
  });
  return server;
}

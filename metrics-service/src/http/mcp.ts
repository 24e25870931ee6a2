import { Router, type Request } from 'express';
import { ApiError } from '../contract/problem.js';
import { answerRequest } from '../query/index.js';
import { readBody } from './admission.js';
import { requireScope } from './authenticate.js';
import { readJson } from './body/read.js';
import { asProblem } from './query.js';
import type { Services } from './services.js';

const MAX_BODY_BYTES = 1024 * 1024;
const VERSION_HEADER = 'mcp-protocol-version';

/** `POST /mcp`: the Model Context Protocol over streamable HTTP, without sessions: one message in, its answer out. */
export function mcpRoute(services: Services): Router {
  const { pools, clock, log, answers: texts } = services;
  const router = Router();
  router.post('/mcp', requireScope(services, 'read'), readBody(MAX_BODY_BYTES), async (request, response) => {
    const message = readJson(request);
    if (Array.isArray(message)) throw new ApiError('invalid_request', 'send one JSON-RPC message a request');
    const { asker, gone: signal, requestId } = response.locals;
    // loaded here, so that a service which nobody asks so starts without it
    const { WebStandardStreamableHTTPServerTransport } =
      await import('@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js');
    const { createMcpServer } = await import('../mcp/server.js');
    const server = createMcpServer(
      {
        clock,
        ask: async (body) => {
          const options = { texts, signal };
          const answer = await answerRequest(pools.questions, asker, body, clock(), options).catch(asProblem);
          return Object.values(answer.results)[0]!;
        },
      },
      (error) => log.error({ err: error, requestId }, 'a tool failed'),
    );
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    try {
      const answer = await transport.handleRequest(webRequest(request), { parsedBody: message });
      const text = await answer.text();
      if (answer.status >= 400) throw new ApiError('invalid_request', refusalOf(text));
      response.status(answer.status);
      if (text === '') response.end();
      else response.type('application/json').send(withRightCode(text));
    } finally {
      await server.close();
    }
  });
  return router;
}

const [INTERNAL_ERROR, INVALID_PARAMS] = [-32603, -32602];

/** Tools report their own failures in their answers: an internal error of the SDK means that the call was malformed. */
function withRightCode(text: string): string {
  const answer = JSON.parse(text) as { error?: { code: number } };
  if (answer.error?.code !== INTERNAL_ERROR) return text;
  const message = 'invalid params: they do not match the schema of this method';
  return JSON.stringify({ ...answer, error: { code: INVALID_PARAMS, message } });
}

/** The request as the SDK expects it: the answer is JSON, whatever the caller accepts. */
function webRequest(request: Request): globalThis.Request {
  const version = request.headers[VERSION_HEADER];
  return new globalThis.Request('http://runboard/mcp', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(typeof version === 'string' ? { [VERSION_HEADER]: version } : {}),
    },
  });
}

/** The SDK's error for a message that it refuses. */
function refusalOf(text: string): string {
  const { error } = JSON.parse(text) as { error?: { message?: string } };
  return error?.message ?? 'the body is not JSON-RPC message';
}

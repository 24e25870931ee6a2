import type { Operation } from '../operation.js';

const message = {
  type: 'object',
  description: 'a request or a notification of the protocol',
  required: ['jsonrpc', 'method'],
  properties: {
    jsonrpc: { const: '2.0' },
    id: { type: ['string', 'integer'], description: 'of a request: what its answer names; a notification has none' },
    method: { type: 'string' },
    params: { type: 'object', additionalProperties: true },
  },
  additionalProperties: false,
} as const;
const call = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'query', arguments: { metrics: ['run_success_rate'], group_by: ['team'], last: '30d' } },
};
const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const text = '{"window":{},"metrics":[{"id":"run_success_rate"}],"rows":[{"team":"core","run_success_rate":0.93}]}';
const answer = { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } };

export const askMcp: Operation = {
  method: 'post',
  path: '/mcp',
  id: 'mcp',
  tag: 'Asking',
  summary: 'Tools for AI clients (Model Context Protocol)',
  description:
    'The Model Context Protocol over streamable HTTP, without sessions: each request holds one JSON-RPC message, and its ' +
    'answer is JSON. What a tool refuses is a result with `isError`, as the protocol wants it. See docs/mcp.md.',
  scope: 'read',
  body: {
    description: 'A JSON-RPC 2.0 message, at most 1 MiB.',
    content: {
      'application/json': {
        schema: message,
        examples: {
          call: { summary: 'a question', value: call },
          list: { summary: 'which tools there are', value: list },
        },
      },
    },
  },
  answers: {
    200: {
      description: 'The answer to a request.',
      content: {
        'application/json': {
          schema: { type: 'object', description: 'a JSON-RPC 2.0 response' },
          examples: { answer: { value: answer } },
        },
      },
    },
    202: { description: 'A notification has no answer.', content: {} },
  },
  problems: ['invalid_json', 'invalid_request', 'too_large', 'unsupported_media_type', 'busy', 'database_unavailable'],
};

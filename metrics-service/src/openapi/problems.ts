import { PROBLEMS, type ProblemCode } from '../contract/problem.js';
import type { Operation } from './operation.js';

/** An example of each error's `detail`. */
const DETAILS: Record<ProblemCode, string> = {
  invalid_request: 'the body must be an object with `queries`, a list of 1 to 200 queries',
  invalid_json: 'the body is not JSON: Unexpected end of JSON input',
  unauthorized: 'this token is unknown, expired or revoked',
  missing_scope: 'this needs a token with scope read; yours has ingest',
  delegate_required: 'x-runboard-viewer-kind needs a token with scope delegate',
  not_found: 'there is no /v1/event',
  method_not_allowed: 'GET is not allowed here: use POST',
  too_large: 'the body is larger than this service takes: send smaller batches',
  unsupported_media_type: 'send the body plain or with Content-Encoding gzip',
  query_too_large:
    "this needs more of the database's disk than a question may take (temp_file_limit): choose a shorter range or fewer groups",
  request_timeout: 'the request did not arrive in time',
  rate_limited: 'more than 2000 requests a second came with your token: send this again in a second',
  internal: 'something went wrong here; the log has it under this requestId',
  busy: 'too many requests at once: send this again in a second',
  database_unavailable: 'the database is not available: it cannot be reached. Try again in a moment',
  query_timeout:
    'this took longer than the 20 s (RUNBOARD_QUERY_TIMEOUT_MS) that a question may take: choose a shorter range, fewer ' +
    'groups, filters on fewer things, or ask for less at a time',
};

const TOKEN_PROBLEMS: readonly ProblemCode[] = ['unauthorized', 'delegate_required'];

/** Health checks, which have no rate limit. */
const UNLIMITED = ['/health', '/ready'];

/** All errors of a route, in the table's order: its own, those of token and body, and those of routes that use the database. */
export function problemsOf({ path, body, problems, scope }: Operation): ProblemCode[] {
  const codes = new Set<ProblemCode>([...problems, 'internal']);
  if (!UNLIMITED.includes(path)) codes.add('rate_limited');
  if (body) codes.add('request_timeout');
  if (scope !== null) for (const code of TOKEN_PROBLEMS) codes.add(code);
  if (scope !== null && scope !== 'any') codes.add('missing_scope');
  if (scope !== null) codes.add('busy').add('database_unavailable');
  return (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => codes.has(code));
}

const RETRY_AFTER = {
  'Retry-After': { schema: { type: 'integer' }, description: 'seconds to wait before sending again', example: 1 },
};

const HEADERS: Partial<Record<number, Record<string, object>>> = {
  401: { 'WWW-Authenticate': { schema: { type: 'string' }, example: 'Bearer realm="runboard"' } },
  405: { Allow: { schema: { type: 'string' }, description: 'the methods that this path takes', example: 'POST' } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

/** The responses for these errors, by status, each with an example per code. */
export function problemResponses(
  codes: readonly ProblemCode[],
  commonHeaders: object,
  form: Operation['errors'] = 'problem',
): Record<string, object> {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const those = codes.filter((code) => PROBLEMS[code].status === status);
      const response = {
        description: those.map((code) => `${PROBLEMS[code].title} (\`${code}\`)`).join('; '),
        headers: { ...commonHeaders, ...HEADERS[status] },
        content: form === 'otlp' ? STATUS_CONTENT : problemContent(those),
      };
      return [String(status), response];
    }),
  );
}

/** OTLP's errors, in the encoding of the request. */
const STATUS_CONTENT = {
  'application/json': {
    schema: { $ref: '#/components/schemas/OtlpStatus' },
    examples: {
      status: { value: { code: 3, message: 'the body is no OTLP message in protobuf: invalid wire type 7' } },
    },
  },
  'application/x-protobuf': {
    schema: { type: 'string', description: 'google.rpc.Status' },
    examples: { empty: { value: '' } },
  },
};

function problemContent(codes: readonly ProblemCode[]): object {
  return {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
    },
  };
}

function exampleOf(code: ProblemCode): object {
  const { status, title } = PROBLEMS[code];
  const requestId = '7c9f2b1e-5d0a-4c77-9a53-0c1f6f0d2b61';
  return { type: 'about:blank', title, status, detail: DETAILS[code], code, requestId };
}

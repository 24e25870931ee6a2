import { PROBLEM_CODES } from '../contract/problem.js';
import { VERSION } from '../version.js';
import { VIEWER_HEADERS } from './viewer.js';
import type { ResponseDescription, Contents, Operation, Parameter } from './operation.js';
import { OPERATIONS } from './operations/index.js';
import { problemResponses, problemsOf } from './problems.js';
import { componentSchemas, parameterSchema } from './schemas.js';

const DESCRIPTION = `How an organization's coding agents do: events in, numbers out.

Send a token with every request to \`/v1\`: \`Authorization: Bearer rb_…\`. It opens one organization, and what its scopes
say; \`runboard token create\` makes one.

Every error is a problem of RFC 9457 with a \`code\` for programs, a \`detail\` that says what to do, and a \`requestId\`. A
path that does not exist is a 404 (\`not_found\`), a method that a path does not take a 405 (\`method_not_allowed\`) with
\`Allow\`. A 429 (too many requests; \`RateLimit\` says how many are left) and a 503 say in \`Retry-After\` when to send the
same again; nothing of that request was stored.`;

const REQUEST_ID_HEADER = {
  'X-Request-Id': {
    description: 'the id that was sent with the request, if it is valid, else a new one',
    schema: { type: 'string' },
    example: '7c9f2b1e-5d0a-4c77-9a53-0c1f6f0d2b61',
  },
};

const VIEWER_PARAMETERS = Object.fromEntries(
  VIEWER_HEADERS.map(({ name, description, schema, example }) => [
    name.replace('X-Runboard-', '').replaceAll('-', ''),
    { name, in: 'header', description, schema, example },
  ]),
);

function parameterRef(name: string): object {
  return { $ref: `#/components/parameters/${name}` };
}

/** The OpenAPI 3.1 description of the service, complete in one document. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Runboard',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'the service that this comes from' }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: componentSchemas(),
      parameters: {
        ...VIEWER_PARAMETERS,
        RequestId: {
          name: 'X-Request-Id',
          in: 'header',
          description:
            'an id of your own for this request: it comes back, and stands in the log. 1 to 100 of A-Z a-z 0-9 _ . : -; ' +
            'anything else is replaced by a new one',
          schema: { type: 'string' },
          example: 'my-request-1',
        },
      },
      responses: problemResponses(
        PROBLEM_CODES.filter((code) => code === 'not_found' || code === 'method_not_allowed'),
        REQUEST_ID_HEADER,
      ),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'a token of Runboard: rb_ and at least 32 characters' },
      },
    },
  };
}

function describe(operation: Operation): object {
  const { id, tag, summary, description, scope, parameters = [], body } = operation;
  const needs = scope === 'any' ? 'Needs a token.' : `Needs a token with scope \`${scope}\`.`;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: scope === null ? description : `${description}\n\n${needs}`,
    security: scope === null ? [] : [{ token: [] }],
    parameters: [
      ...parameters.map(describeParameter),
      ...(scope === 'read' || scope === 'any' ? Object.keys(VIEWER_PARAMETERS) : []).map(parameterRef),
      parameterRef('RequestId'),
    ],
    ...(body
      ? { requestBody: { required: true, description: body.description, content: describeContents(body.content) } }
      : {}),
    responses: {
      ...answersOf(operation),
      ...problemResponses(problemsOf(operation), REQUEST_ID_HEADER, operation.errors),
    },
  };
}

function describeParameter({ schema, required = false, ...parameter }: Parameter): object {
  return { ...parameter, required, schema: parameterSchema(schema) };
}

function answersOf({ answers }: Operation): Record<string, object> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, content, headers = {} }]) => [
      status,
      {
        description,
        headers: { ...REQUEST_ID_HEADER, ...describeHeaders(headers) },
        ...(content ? { content: describeContents(content) } : {}),
      },
    ]),
  );
}

function describeHeaders(headers: NonNullable<ResponseDescription['headers']>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [name, { ...header, schema: { type: 'string' } }]),
  );
}

function describeContents(contents: Contents): Record<string, object> {
  return Object.fromEntries(
    Object.entries(contents).map(([mediaType, { schema, examples }]) => [
      mediaType,
      { schema: typeof schema === 'string' ? { $ref: `#/components/schemas/${schema}` } : schema, examples },
    ]),
  );
}

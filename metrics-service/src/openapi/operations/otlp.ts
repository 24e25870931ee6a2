import type { Operation } from '../operation.js';

const record = {
  timeUnixNano: '1769853600000000000',
  body: { stringValue: 'claude_code.user_prompt' },
  attributes: [{ key: 'session.id', value: { stringValue: 's-1' } }],
};
const span = { name: 'claude_code.tool', traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const metric = { name: 'claude_code.commit.count', sum: { aggregationTemporality: 1, dataPoints: [{ asInt: '1' }] } };

const SIGNALS = {
  logs: { id: 'sendLogs', example: { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] } },
  traces: { id: 'sendTraces', example: { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] } },
  metrics: { id: 'sendMetrics', example: { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] } },
} as const;

const EMPTY = { empty: { summary: 'the empty message', value: '' } };
const BINARY = { schema: { type: 'string', description: 'an Export…ServiceResponse' }, examples: EMPTY } as const;

/** The routes of OTLP/HTTP. */
export const sendTelemetry: readonly Operation[] = Object.entries(SIGNALS).map(([signal, { id, example }]) => ({
  method: 'post',
  path: `/v1/${signal}`,
  id,
  tag: 'Sending',
  summary: `Send ${signal} by OTLP`,
  description:
    'OTLP/HTTP, as OpenTelemetry’s SDKs and collectors send it, in protobuf or JSON, plain or with `Content-Encoding: ' +
    'gzip`. Records of agents that this service knows become events, which are on disk when it answers; others are ' +
    'counted by name and dropped. A record that was sent before counts once. Errors are a `Status`, in the encoding of the request.',
  scope: 'ingest',
  body: {
    description: 'At most 10 MiB after decompression and 10,000 records, if the service is not configured otherwise.',
    content: {
      'application/json': { schema: 'OtlpRequest', examples: { records: { value: example } } },
      'application/x-protobuf': {
        schema: { type: 'string', description: 'an Export…ServiceRequest' },
        examples: EMPTY,
      },
    },
  },
  answers: {
    200: {
      description: 'It was taken; `partialSuccess` says how many records were not, and why the first was not.',
      content: {
        'application/json': {
          schema: 'OtlpAnswer',
          examples: { all: { value: {} } },
        },
        'application/x-protobuf': BINARY,
      },
    },
  },
  problems: ['invalid_json', 'invalid_request', 'too_large', 'unsupported_media_type'],
  errors: 'otlp',
}));

import protobuf from 'protobufjs';

/** Telemetry as clients send it, in both encodings: written from OTLP's specification, apart from the service's own schema. */

export type Scalar = string | number | boolean;

export interface SentRecord {
  /** what the record is called */
  event: string;
  /** nanoseconds since 1970, as text */
  nanos: string;
  attributes?: Record<string, unknown>;
}

export function anyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: keyValues(value as Record<string, unknown>) } };
}

export function keyValues(attributes: Record<string, unknown>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** A body of /v1/logs with records of Claude Code, as JSON. */
export function logsBody(
  records: readonly SentRecord[],
  resource: Record<string, unknown> = { 'service.name': 'claude-code' },
): object {
  return {
    resourceLogs: [
      {
        resource: { attributes: keyValues(resource) },
        scopeLogs: [
          {
            scope: { name: 'com.anthropic.claude_code.events', version: '2.1.274' },
            logRecords: records.map(({ event, nanos, attributes = {} }) => ({
              timeUnixNano: nanos,
              observedTimeUnixNano: nanos,
              body: { stringValue: `claude_code.${event}` },
              attributes: keyValues({ 'event.name': event, ...attributes }),
            })),
          },
        ],
      },
    ],
  };
}

/** A body of /v1/logs with records of any sender, as JSON; `event` is the whole name. */
export function plainLogsBody(records: readonly SentRecord[], resource: Record<string, unknown>): object {
  return {
    resourceLogs: [
      {
        resource: { attributes: keyValues(resource) },
        scopeLogs: [
          {
            scope: { name: String(resource['service.name']) },
            logRecords: records.map(({ event, nanos, attributes = {} }) => ({
              timeUnixNano: nanos,
              observedTimeUnixNano: nanos,
              attributes: keyValues({ 'event.name': event, ...attributes }),
            })),
          },
        ],
      },
    ],
  };
}

export interface SentSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  /** nanoseconds since 1970, as text */
  from: string;
  to: string;
  failed?: boolean;
  attributes?: Record<string, unknown>;
}

/** A body of /v1/traces, as JSON. */
export function spansBody(spans: readonly SentSpan[], resource: Record<string, unknown>): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: keyValues(resource) },
        scopeSpans: [
          {
            scope: { name: 'agents' },
            spans: spans.map(({ name, traceId, spanId, parentSpanId, from, to, failed = false, attributes = {} }) => ({
              ...{ name, traceId, spanId, parentSpanId },
              ...{ startTimeUnixNano: from, endTimeUnixNano: to, status: { code: failed ? 2 : 0 } },
              attributes: keyValues(attributes),
            })),
          },
        ],
      },
    ],
  };
}

const root = protobuf.parse(
  `
  syntax = "proto3";
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
    ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message Scope { string name = 1; string version = 2; }
  message LogRecord { fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5;
    repeated KeyValue attributes = 6; bytes trace_id = 9; fixed64 observed_time_unix_nano = 11; string event_name = 12; }
  message ScopeLogs { Scope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
  message Logs { repeated ResourceLogs resource_logs = 1; }
  message Answer { Partial partial_success = 1; }
  message Partial { int64 rejected = 1; string error_message = 2; }
  message Status { int32 code = 1; string message = 2; }`,
).root;

/** The same body in protobuf. */
export function logsProtobuf(body: object): Buffer {
  const type = root.lookupType('Logs');
  return Buffer.from(type.encode(type.fromObject(body)).finish());
}

/** An answer or error in protobuf. */
export function answerOf(bytes: Uint8Array, type: 'Answer' | 'Status' = 'Answer'): Record<string, any> {
  const found = root.lookupType(type);
  return found.toObject(found.decode(bytes), { longs: String });
}

/** Milliseconds as OTLP's nanoseconds. */
export function nanosOf(ms: number, more = 0): string {
  return `${ms}${String(more).padStart(6, '0')}`;
}

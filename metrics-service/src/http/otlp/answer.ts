import type { Response } from 'express';
import { PROBLEMS, type ApiError } from '../../contract/problem.js';
import { SIGNALS, type Signal } from '../../telemetry/records.js';
import { JSON_TYPE, PROTOBUF, type Encoding } from './read.js';
import { EXPORT_RESPONSE, STATUS } from './schema.js';

export const OTLP_PATHS: readonly string[] = SIGNALS.map((signal) => `/v1/${signal}`);

/** What is called rejected in the answer for each signal. */
const REJECTED = { logs: 'rejectedLogRecords', traces: 'rejectedSpans', metrics: 'rejectedDataPoints' } as const;
/** google.rpc.Code by HTTP status; others are INTERNAL. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  408: 4,
  413: 3,
  415: 3,
  429: 8,
  503: 14,
};
const INTERNAL = 13;

export interface Rejection {
  readonly count: number;
  readonly message: string;
}

/** The Export…ServiceResponse of a request, in its own encoding; `rejected` null: all was taken. */
export function sendExportResponse(
  response: Response,
  signal: Signal,
  encoding: Encoding,
  rejected: Rejection | null,
): void {
  response.status(200).type(encoding);
  if (encoding === JSON_TYPE) {
    const { count, message } = rejected ?? { count: 0, message: '' };
    const said = { [REJECTED[signal]]: String(count), errorMessage: message };
    response.send(JSON.stringify(rejected === null ? {} : { partialSuccess: said }));
    return;
  }
  const message =
    rejected === null ? {} : { partialSuccess: { rejected: rejected.count, errorMessage: rejected.message } };
  response.send(Buffer.from(EXPORT_RESPONSE.encode(EXPORT_RESPONSE.fromObject(message)).finish()));
}

/** An error as OTLP says it: a google.rpc.Status in the request's encoding; JSON if that is unknown. */
export function sendStatus(response: Response, error: ApiError): void {
  const { status } = PROBLEMS[error.code];
  const said = { code: RPC_CODES[status] ?? INTERNAL, message: error.message };
  const isProtobuf = /^application\/x-protobuf/i.test(response.req.headers['content-type'] ?? '');
  response.status(status).type(isProtobuf ? PROTOBUF : JSON_TYPE);
  response.send(isProtobuf ? Buffer.from(STATUS.encode(STATUS.fromObject(said)).finish()) : JSON.stringify(said));
}

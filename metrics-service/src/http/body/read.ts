import { isUtf8 } from 'node:buffer';
import type { Request } from 'express';
import { ApiError } from '../../contract/problem.js';
import { MAX_DEPTH } from '../../contract/values.js';
import { Scan } from './scan.js';

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
/** For a body that is one JSON value, such as a question. */
const MAX_VALUES = 100_000;

/** The media type of a body, which must be one of these, in UTF-8. @throws ApiError unsupported_media_type */
export function mediaTypeOf(contentType: string | undefined, known: readonly string[]): string {
  const [mediaType = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.replace(/^charset="?([^"]*)"?$/, '$1');
  if (!known.includes(mediaType) || (charset ?? 'utf-8') !== 'utf-8') {
    throw new ApiError('unsupported_media_type', `send the Content-Type ${known.join(', ')}, in UTF-8`);
  }
  return mediaType;
}

/** A body that `express.raw` has read. @throws ApiError invalid_json: it is not UTF-8 */
export function bytesOf({ body }: { body: unknown }): Buffer {
  const bytes: Buffer = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (!isUtf8(bytes)) throw new ApiError('invalid_json', 'the body is not valid UTF-8');
  return bytes;
}

/** Where the first value begins: after a byte order mark and white space. */
export function startOf(bytes: Buffer, from = 0): number {
  const hasMark = from === 0 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return endOfSpace(bytes, hasMark ? BYTE_ORDER_MARK.length : from, bytes.length);
}

export function isBlank(bytes: Buffer, from: number, to: number): boolean {
  return endOfSpace(bytes, from, to) === to;
}

function endOfSpace(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(bytes[at]!)) at += 1;
  return at;
}

/** White space as JSON defines it. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** @throws ApiError invalid_json */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError('invalid_json', `the body is not JSON: ${(error as Error).message}`);
  }
}

/** The body of a request, which must be JSON. @throws ApiError unsupported_media_type; invalid_json; too_large */
export function readJson(request: Request): unknown {
  mediaTypeOf(request.headers['content-type'], ['application/json']);
  const bytes = bytesOf(request);
  const start = startOf(bytes);
  const { depth, values } = scanned(bytes, start);
  if (depth > MAX_DEPTH) throw new ApiError('invalid_request', `the body nests deeper than ${MAX_DEPTH} levels`);
  if (values > MAX_VALUES) throw new ApiError('too_large', `the body has more than ${MAX_VALUES} values: ask for less`);
  return parseJson(bytes.toString('utf8', start));
}

function scanned(bytes: Buffer, from: number): Scan {
  const scan = new Scan(bytes, from, 'nothing');
  while (!scan.step());
  return scan;
}

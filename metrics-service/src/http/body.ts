import type { Request } from 'express';
import { ApiError } from '../contract/problem.js';

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

/** A body that `express.raw` has read, as text. @throws ApiError invalid_json */
export function textOf({ body }: { body: unknown }): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body instanceof Buffer ? body : Buffer.alloc(0));
  } catch {
    throw new ApiError('invalid_json', 'the body is not valid UTF-8');
  }
}

/** @throws ApiError invalid_json */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError('invalid_json', `the body is no JSON: ${(error as Error).message}`);
  }
}

/** The body of a request, which must be JSON. @throws ApiError unsupported_media_type; invalid_json */
export function readJson(request: Request): unknown {
  mediaTypeOf(request.headers['content-type'], ['application/json']);
  return parseJson(textOf(request));
}

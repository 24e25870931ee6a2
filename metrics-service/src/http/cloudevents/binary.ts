import type { IncomingHttpHeaders } from 'node:http';
import { isJsonType } from '../../contract/json-type.js';

const PREFIX = 'ce-';
const ATTRIBUTE = /^[a-z0-9]+$/;
/** Attributes that are not sent as ce- headers: the data is the body, its type the Content-Type. */
const OF_THE_BODY = new Set(['data', 'datacontenttype']);

/** Whether a request is one event whose attributes are headers and whose data is the body (CloudEvents, HTTP binding). */
export function isBinaryMode(headers: IncomingHttpHeaders): boolean {
  return 'ce-specversion' in headers && !/^\s*application\/cloudevents\b/i.test(headers['content-type'] ?? '');
}

/**
 * The event made of the headers and the body's value; without a value (a body that is not JSON, say) it has no data.
 */
export function binaryEvent(headers: IncomingHttpHeaders, data: unknown): Record<string, unknown> {
  const attributes = Object.entries(headers).flatMap(([header, value]): [string, string][] => {
    const name = header.slice(PREFIX.length);
    const isAttribute = header.startsWith(PREFIX) && ATTRIBUTE.test(name) && !OF_THE_BODY.has(name);
    return isAttribute && typeof value === 'string' ? [[name, attributeValue(value)]] : [];
  });
  const contentType = headers['content-type'];
  return {
    ...Object.fromEntries(attributes),
    ...(contentType === undefined ? {} : { datacontenttype: contentType }),
    ...(data === undefined ? {} : { data }),
  };
}

/** Whether the body of a binary-mode request is JSON; assumed if no type is given. */
export function hasJsonData({ 'content-type': contentType }: IncomingHttpHeaders): boolean {
  return contentType === undefined || isJsonType(contentType);
}

/** A header's value without quotes, percent-decoded; bytes that are not UTF-8 become U+FFFD. */
function attributeValue(header: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(header.trim());
  const written = quoted ? quoted[1]!.replace(/\\(.)/gs, '$1') : header;
  const bytes = written.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  // Node reads each byte of a header as one character
  return new TextDecoder().decode(Buffer.from(bytes, 'latin1'));
}

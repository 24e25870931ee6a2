import { isUtf8 } from 'node:buffer';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** An event with `data_base64` decoded into `data`; unchanged if that is not base64 JSON, or if `data` is there too. */
export function withDecodedData(item: unknown, parse: (json: Buffer) => unknown): unknown {
  if (typeof item !== 'object' || item === null || !('data_base64' in item)) return item;
  const { data_base64: encoded, ...event } = item as { data_base64: unknown; data?: unknown };
  if (encoded === null) return event;
  if ((event.data ?? null) !== null || typeof encoded !== 'string' || !BASE64.test(encoded)) return item;
  const bytes = Buffer.from(encoded, 'base64');
  try {
    return isUtf8(bytes) ? { ...event, data: parse(bytes) } : item;
  } catch {
    return item;
  }
}

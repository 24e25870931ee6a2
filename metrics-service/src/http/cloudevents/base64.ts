import { isUtf8 } from 'node:buffer';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** An event with its `data_base64` read as `data`; as it is where that is no JSON in base64, or data stands beside it. */
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

import type { FAILURE_CATEGORIES } from '../../contract/events.js';
import { isObject } from '../json-lines.js';
import { textOf } from '../names.js';
import { textBlocks, type TranscriptRecord } from './record.js';

export interface ApiError {
  category: (typeof FAILURE_CATEGORIES)[number];
  /** the kind and status, which hold no text of anybody's */
  kindAndStatus: string;
  firstLine: string;
}

const MOST_SUMMARY_CHARACTERS = 1000;

type Test = (kind: string, status: number, text: string) => boolean;
// In this order: a kind or status says exactly what a text can only hint at. Status 0: none is given.
const CATEGORIES: [ApiError['category'], Test][] = [
  ['rate_limited', (kind, status) => status === 429 || /rate_?limit/i.test(kind)],
  ['provider_error', (kind, status) => status >= 500 || /overloaded|server_error/i.test(kind)],
  ['permission_denied', (kind, status) => [401, 403].includes(status) || /authenti|permission|oauth|login/i.test(kind)],
  ['context_overflow', (kind, status) => status === 413 || /too_l(ong|arge)|context/i.test(kind)],
  [
    'context_overflow',
    (_, __, text) => /(prompt|input|request).{0,20}too l(ong|arge)|exceed.{0,30}context/i.test(text),
  ],
  [
    'rate_limited',
    (_, __, text) => /rate.?limit|too many requests|(usage|session|weekly|hour) limit|hit your/i.test(text),
  ],
  ['provider_error', (_, __, text) => /overloaded|internal server error|service unavailable|bad gateway/i.test(text)],
  ['permission_denied', (_, __, text) => /log ?in\b|api key|authenticat|permission|not allowed|oauth/i.test(text)],
];

/** What the API error in the place of an assistant's record says; null where the record is none. */
export function readApiError(record: TranscriptRecord): ApiError | null {
  const { raw } = record;
  if (raw.isApiErrorMessage !== true) return null;
  const firstLine = textBlocks(record.message).join('\n').trim().split('\n')[0]?.trim() ?? '';
  const error = isObject(raw.error) ? raw.error : {};
  const kind = [raw.error, error.type, /"type":\s*"(\w+_error)"/.exec(firstLine)?.[1]].find(isKind) ?? 'api_error';
  const status = [raw.apiErrorStatus, error.status, /\b(?:API Error|status)\D{0,3}([45]\d\d)\b/i.exec(firstLine)?.[1]]
    .map(Number)
    .find((number) => Number.isInteger(number) && number >= 400 && number < 600);
  const said = kind === 'api_error' ? '' : kind;
  return {
    category: CATEGORIES.find(([, holds]) => holds(said, status ?? 0, firstLine))?.[0] ?? 'unknown',
    kindAndStatus: status === undefined ? kind : `${kind}, status ${status}`,
    firstLine: textOf(firstLine.slice(0, MOST_SUMMARY_CHARACTERS)),
  };
}

function isKind(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9_]{1,60}$/i.test(value);
}

import type { FAILURE_CATEGORIES } from '../contract/events.js';

export type FailureCategory = (typeof FAILURE_CATEGORIES)[number];

type Test = (kind: string, status: number, text: string) => boolean;
// In this order, because kind and status are more reliable than the text. Status 0: none was given.
const CATEGORIES: [FailureCategory, Test][] = [
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

/** The category of an API error, from its kind, its HTTP status (0: none given) and its text. */
export function categoryOf(kind: string, status: number, text: string): FailureCategory {
  return CATEGORIES.find(([, holds]) => holds(kind, status, text))?.[0] ?? 'unknown';
}

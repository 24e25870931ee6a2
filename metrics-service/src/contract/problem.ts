/** The error codes of the API and their HTTP status (RFC 9457 problems carry both). */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'Bad request' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  unauthorized: { status: 401, title: 'No valid token' },
  missing_scope: { status: 403, title: 'The token lacks a scope' },
  delegate_required: { status: 403, title: 'The token may not speak for a viewer' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  too_large: { status: 413, title: 'Too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  query_too_large: { status: 422, title: 'The question takes too much' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Internal error' },
  busy: { status: 503, title: 'Busy' },
  database_unavailable: { status: 503, title: 'The database is not available' },
  query_timeout: { status: 504, title: 'The question took too long' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** An error whose message is meant for the caller and says what to do. */
export class ApiError extends Error {
  readonly status: number;

  constructor(
    readonly code: ProblemCode,
    message: string,
    /** further response headers, e.g. Allow */
    readonly headers: Record<string, string> = {},
    /** the original error, for the log */
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'ApiError';
    this.status = PROBLEMS[code].status;
  }
}

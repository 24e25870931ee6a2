import { categoryOf, type FailureCategory } from '../failure-category.js';
import { isObject, type JsonObject } from '../json-lines.js';
import { textOf } from '../names.js';

export interface TurnError {
  category: FailureCategory;
  /** kind and status, which contain nothing that a person wrote */
  kindAndStatus: string;
  firstLine: string;
}

const MOST_SUMMARY_CHARACTERS = 1000;
const CATEGORIES: Record<string, FailureCategory> = {
  usage_limit_exceeded: 'rate_limited',
  server_overloaded: 'provider_error',
  internal_server_error: 'provider_error',
  context_window_exceeded: 'context_overflow',
  session_budget_exceeded: 'budget_exceeded',
  unauthorized: 'permission_denied',
  bad_request: 'invalid_request',
  sandbox_error: 'tool_error',
  http_connection_failed: 'network',
  response_stream_connection_failed: 'network',
  response_stream_disconnected: 'network',
};
/** Errors about requests of the person during a turn, which continues. */
const BESIDE_THE_TURN = new Set(['thread_rollback_failed', 'active_turn_not_steerable']);

/** Reads an `error` event, or the error of a `task_complete`; null if it is not about the turn. */
export function readTurnError(payload: JsonObject): TurnError | null {
  const info = payload.codex_error_info;
  // a kind, or a kind with its details: {"http_connection_failed": {"http_status_code": 502}}
  const [named, particulars] = isObject(info) ? (Object.entries(info)[0] ?? []) : [info, null];
  const kind = typeof named === 'string' && /^[a-z][a-z0-9_]{1,60}$/i.test(named) ? snakeCase(named) : 'error';
  if (BESIDE_THE_TURN.has(kind)) return null;
  const code = isObject(particulars) ? (particulars.http_status_code ?? particulars.httpStatusCode) : null;
  const status = typeof code === 'number' && code >= 400 && code < 600 ? code : 0;
  const firstLine = (typeof payload.message === 'string' ? payload.message : '').trim().split('\n')[0]?.trim() ?? '';
  const byStatus = categoryOf('', status, '');
  const byText = categoryOf('', status, firstLine);
  return {
    category: byStatus !== 'unknown' ? byStatus : (CATEGORIES[kind] ?? byText),
    kindAndStatus: status === 0 ? kind : `${kind}, status ${status}`,
    firstLine: textOf(firstLine.slice(0, MOST_SUMMARY_CHARACTERS)),
  };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '_' : ''}${letter.toLowerCase()}`);
}

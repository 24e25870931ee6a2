import { type JsonObject, isObject } from '../json-lines.js';
import { idOf, nameOf } from '../names.js';
import { timeOf } from '../times.js';

/** What a rollout says about its session. */
export interface SessionState {
  sessionId: string;
  /** its own beginning: earlier records are the parent's */
  atMs: number | null;
  parentId: string | null;
  /** the session that it helps: an approval guardian, a review, a spawned agent; null: it is a session itself */
  helps: string | null;
  /** nobody's messages: what it is told comes from another agent */
  helper: boolean;
  /** the first record behind its parent's history, where it says so */
  firstOrdinal: number | null;
  branch: string | null;
  folder: string | null;
  /** where the repository comes from, as the rollout says */
  repositoryUrl: string | null;
  /** the file says that it was forked, or is a subagent's */
  forked: boolean;
  /** the last one, and how many there have been */
  title: { text: string; count: number } | null;
  lastAtMs: number;
  /** it has at least one record of work */
  used: boolean;
}

/** Reads a `session_meta`; null if it has no id. */
export function readSession(payload: JsonObject, recordAtMs: number | null): SessionState | null {
  const sessionId = idOf(payload.id);
  if (sessionId === null) return null;
  const subagent = isObject(payload.source) ? payload.source.subagent : undefined;
  const spawn = isObject(subagent) && isObject(subagent.thread_spawn) ? subagent.thread_spawn : {};
  const threadId = [payload.parent_thread_id, spawn.parent_thread_id].map(idOf).find(Boolean) ?? null;
  const forkedFrom = idOf(payload.forked_from_id);
  const isSubagent = (subagent !== undefined && subagent !== null) || payload.thread_source === 'subagent';
  const helper = isSubagent || (threadId !== null && forkedFrom === null);
  const root = idOf(payload.session_id);
  const helps = (root === sessionId ? null : root) ?? threadId ?? forkedFrom;
  const git = isObject(payload.git) ? payload.git : {};
  return {
    ...emptySession(sessionId),
    atMs: timeOf(payload.timestamp) ?? recordAtMs,
    parentId: forkedFrom ?? threadId,
    helps: helper ? helps : null,
    helper,
    firstOrdinal: ordinalOf(payload.subagent_history_start_ordinal),
    branch: nameOf(git.branch),
    folder: nameOf(payload.cwd) === null ? null : String(payload.cwd),
    repositoryUrl: nameOf(git.repository_url),
    forked: forkedFrom !== null || helper,
  };
}

/** The session of a rollout that does not name it: the id in the file's name, else the name. */
export function emptySession(sessionId: string): SessionState {
  const nothing = {
    atMs: null,
    parentId: null,
    helps: null,
    firstOrdinal: null,
    branch: null,
    folder: null,
    repositoryUrl: null,
    title: null,
  };
  return { sessionId, ...nothing, helper: false, forked: false, lastAtMs: 0, used: false };
}

/** A number, which some versions write as text. */
function ordinalOf(value: unknown): number | null {
  return (typeof value === 'number' || typeof value === 'string') && /^\d{1,15}$/.test(`${value}`)
    ? Number(value)
    : null;
}

/** Whether an id is one of a kind anywhere; others are so in their session at most. */
export function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** When a version 7 UUID was made, in epoch ms; null if it is not one. */
export function uuidMs(id: string): number | null {
  return UUID_7.test(id) ? parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}

import { isObject, type JsonObject } from '../json-lines.js';
import { idOf } from '../names.js';
import { timeOf } from '../times.js';

/**
 * What a record is to an import (transcripts.md): `prompt`, `command` (a slash command) and `notification` (of a
 * background task) may start a run; `turn_end` is what the tool writes behind a finished turn.
 */
export type RecordKind =
  | 'assistant'
  | 'prompt'
  | 'command'
  | 'notification'
  | 'tool_result'
  | 'interruption'
  | 'turn_end'
  | 'title'
  | 'queue'
  | 'other';

export interface TranscriptRecord {
  kind: RecordKind;
  uuid: string | null;
  sessionId: string | null;
  atMs: number | null;
  sidechain: boolean;
  forked: boolean;
  message: JsonObject;
  raw: JsonObject;
}

const ECHO = /^<(?:local-command-|bash-)/;
const COMMAND = /^<command-(?:name|message)>/;
const NOTIFICATION = /^<task-notification>/;
const INTERRUPTION = /^\[Request interrupted by user(?: for tool use)?\]/;

/** Whether an object that does not stand alone in its line is a record, and not a piece of one. */
export function looksLikeRecord(object: JsonObject): boolean {
  return typeof object.type === 'string' && typeof object.sessionId === 'string';
}

/** Never fails: what is missing or of another shape is null. */
export function readRecord(raw: JsonObject): TranscriptRecord {
  const message = isObject(raw.message) ? raw.message : {};
  return {
    kind: kindOf(raw, message),
    uuid: idOf(raw.uuid),
    sessionId: idOf(raw.sessionId),
    atMs: timeOf(raw.timestamp),
    sidechain: raw.isSidechain === true,
    forked: raw.forkedFrom !== undefined && raw.forkedFrom !== null && raw.forkedFrom !== false,
    message,
    raw,
  };
}

/** The content blocks of a message; a plain text is one block. */
export function blocksOf(message: JsonObject): JsonObject[] {
  if (typeof message.content === 'string') return [{ type: 'text', text: message.content }];
  return Array.isArray(message.content) ? message.content.filter(isObject) : [];
}

export function textBlocks(message: JsonObject): string[] {
  return blocksOf(message).flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : []));
}

function kindOf(raw: JsonObject, message: JsonObject): RecordKind {
  if (raw.type === 'assistant') return 'assistant';
  if (raw.type === 'ai-title' || raw.type === 'summary') return 'title';
  if (raw.type === 'queue-operation') return 'queue';
  if (raw.isMeta === true) return 'other';
  if (raw.type === 'system') {
    return raw.subtype === 'turn_duration' || raw.subtype === 'stop_hook_summary' ? 'turn_end' : 'other';
  }
  return raw.type === 'user' ? userKind(raw, message) : 'other';
}

function userKind(raw: JsonObject, message: JsonObject): RecordKind {
  const texts = textBlocks(message);
  if (texts.some((text) => INTERRUPTION.test(text.trimStart()))) return 'interruption';
  const blocks = blocksOf(message);
  if (blocks.some(({ type }) => type === 'tool_result')) return 'tool_result';
  if (raw.isSidechain === true || raw.isCompactSummary === true) return 'other';
  if (!blocks.some(({ type, text }) => type !== 'text' || typeof text === 'string')) return 'other';
  if (isObject(raw.origin) && raw.origin.kind === 'task-notification') return 'other';
  const lead = texts[0]?.trimStart() ?? '';
  if (ECHO.test(lead)) return 'other';
  if (NOTIFICATION.test(lead)) return 'notification';
  return COMMAND.test(lead) ? 'command' : 'prompt';
}

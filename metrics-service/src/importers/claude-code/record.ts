import { isObject, type JsonObject } from '../json-lines.js';
import { idOf } from '../names.js';
import { timeOf } from '../times.js';

/**
 * What a record is to an import (transcripts.md): `prompt`, `command` (a slash command) and `notification` (of a
 * background task) may start a run; `queued` is a prompt that was typed while the agent worked, and handed over in the
 * middle of its run; `turn_end` is what the tool writes behind a finished turn.
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
  | 'queued'
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
const AGENT_MESSAGE = '<(?:teammate|agent|cross-session)-message(?=[\\s>])';
/** What another agent or session says, alone or behind a sentence that leads to it. */
const PEER = new RegExp(`^${AGENT_MESSAGE}|^[^<]{1,300}[.:!?\\n]\\s*${AGENT_MESSAGE}`);
const REJECTION = /^(?:The user doesn't want to (?:proceed with|take) this|User rejected tool use)/;
const INTERRUPTION = /^\[Request interrupted by user(?: for tool use)?\]/;

/** Whether an object that is not alone on its line is a whole record, rather than a part of one. */
export function looksLikeRecord(object: JsonObject): boolean {
  return typeof object.type === 'string' && typeof object.sessionId === 'string';
}

/** Never fails: missing or malformed members are null. */
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
  if (raw.type === 'attachment') return isQueuedPrompt(raw) ? 'queued' : 'other';
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
  return saidKind(texts.join('\n'), originOf(raw));
}

/** Who says a text, and what for: a person's prompt or slash command, a task's notification, or nobody of these. */
function saidKind(text: string, origin: unknown): 'prompt' | 'command' | 'notification' | 'other' {
  const lead = text.trimStart();
  if (origin === 'peer' || ECHO.test(lead) || PEER.test(lead)) return 'other';
  if (origin === 'task-notification' || NOTIFICATION.test(lead)) return 'notification';
  return COMMAND.test(lead) ? 'command' : 'prompt';
}

function originOf({ origin }: JsonObject): unknown {
  return isObject(origin) ? origin.kind : undefined;
}

/** What a person typed while the agent worked; the queue hands over notifications and agents' messages, too. */
function isQueuedPrompt(raw: JsonObject): boolean {
  const attachment = isObject(raw.attachment) ? raw.attachment : {};
  const { type, commandMode } = attachment;
  if (type !== 'queued_command' || raw.isSidechain === true || raw.isMeta === true) return false;
  if (commandMode !== undefined && commandMode !== null && commandMode !== 'prompt') return false;
  const kind = saidKind(queuedTexts(raw).join('\n'), originOf(attachment) ?? originOf(raw));
  return kind === 'prompt' || kind === 'command';
}

/** The texts of a queued prompt. */
export function queuedTexts({ attachment }: JsonObject): string[] {
  return isObject(attachment) ? textBlocks({ content: attachment.prompt }) : [];
}

/** Whether a tool's result is that a person did not let it run. */
export function isRejection(block: JsonObject): boolean {
  return block.is_error === true && textBlocks(block).some((text) => REJECTION.test(text));
}

import { isObject, type JsonObject } from '../json-lines.js';
import { timeOf } from '../times.js';

/** A line of a rollout: `{timestamp, type, payload}`; `kind` is the payload's own type. */
export interface RolloutRecord {
  type: string;
  kind: string;
  atMs: number | null;
  /** its place in the rollout, where it says it */
  ordinal: number | null;
  payload: JsonObject;
}

/** What somebody said, and who. */
export interface Message {
  role: 'user' | 'agent';
  text: string;
}

/** Whether an object that is not alone on its line is a whole record, rather than a part of one. */
export function looksLikeRecord(object: JsonObject): boolean {
  return typeof object.type === 'string' && isObject(object.payload);
}

/** Never fails: missing or malformed members are empty. */
export function readRecord(raw: JsonObject): RolloutRecord {
  const payload = isObject(raw.payload) ? raw.payload : {};
  const ordinal = typeof raw.ordinal === 'number' ? raw.ordinal : null;
  const type = textOrEmpty(raw.type);
  return { type, kind: textOrEmpty(payload.type), atMs: timeOf(raw.timestamp), ordinal, payload };
}

/** Whether the record shows the agent at work: it answered, thought, called a tool or got its result. */
export function isAgentRecord({ type, kind, payload }: RolloutRecord): boolean {
  if (type === 'response_item') return kind !== 'message' || payload.role === 'assistant';
  if (type !== 'event_msg') return false;
  if (kind === 'item_completed') return itemOf(payload).type !== 'UserMessage';
  return /^agent_|_(begin|end)$/.test(kind);
}

/** Whether the record tells of tokens. */
export function isCall({ type, kind, payload }: RolloutRecord): boolean {
  return type === 'token_usage_record' || (kind === 'token_count' && isObject(payload.info));
}

/** The message in the record, and whose it is; null if there is none. */
export function messageOf({ type, kind, payload }: RolloutRecord): Message | null {
  if (type !== 'event_msg') return null;
  const text = typeof payload.message === 'string' ? payload.message : '';
  // older versions also wrote down their own instructions as if the user had sent them
  const plain = payload.kind === undefined || payload.kind === null || payload.kind === 'plain';
  if (kind === 'user_message') return plain ? { role: 'user', text } : null;
  if (kind === 'agent_message') return { role: 'agent', text };
  const item = itemOf(payload);
  if (kind !== 'item_completed' || (item.type !== 'UserMessage' && item.type !== 'AgentMessage')) return null;
  const parts = Array.isArray(item.content) ? item.content.filter(isObject) : [];
  const texts = parts.flatMap((part) => (typeof part.text === 'string' ? [part.text] : []));
  return { role: item.type === 'UserMessage' ? 'user' : 'agent', text: texts.join('\n') };
}

function itemOf(payload: JsonObject): JsonObject {
  return isObject(payload.item) ? payload.item : {};
}

function textOrEmpty(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

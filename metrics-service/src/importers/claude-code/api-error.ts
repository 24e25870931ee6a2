import { categoryOf, type FailureCategory } from '../failure-category.js';
import { isObject } from '../json-lines.js';
import { textOf } from '../names.js';
import { textBlocks, type TranscriptRecord } from './record.js';

export interface ApiError {
  category: FailureCategory;
  /** kind and status, which contain nothing that a person wrote */
  kindAndStatus: string;
  firstLine: string;
}

const MOST_SUMMARY_CHARACTERS = 1000;

/** Reads an API error that was recorded as an assistant's message; null if the record is not one. */
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
    category: categoryOf(said, status ?? 0, firstLine),
    kindAndStatus: status === undefined ? kind : `${kind}, status ${status}`,
    firstLine: textOf(firstLine.slice(0, MOST_SUMMARY_CHARACTERS)),
  };
}

function isKind(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z][a-z0-9_]{1,60}$/i.test(value);
}

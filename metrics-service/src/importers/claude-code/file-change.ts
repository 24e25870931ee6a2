import { isObject, type JsonObject } from '../json-lines.js';
import { blocksOf, type TranscriptRecord } from './record.js';

/** What a tool's result says that it did to a file. */
export interface FileChange {
  path: string;
  operation: 'read' | 'created' | 'modified';
  linesAdded: number;
  linesDeleted: number;
}

/** The file in the result of an edit, a write or a read that succeeded; null in any other record. */
export function fileChangeOf(record: TranscriptRecord): FileChange | null {
  const result = record.raw.toolUseResult;
  if (!isObject(result)) return null;
  const { file, filePath: path, structuredPatch: patch } = result;
  const isRead = isObject(file) && typeof file.filePath === 'string';
  if (!isRead && (typeof path !== 'string' || !Array.isArray(patch))) return null;
  if (blocksOf(record.message).some((block) => block.type === 'tool_result' && block.is_error === true)) return null;
  if (isRead) return { path: file.filePath as string, operation: 'read', linesAdded: 0, linesDeleted: 0 };
  const isNew = result.type === 'create';
  const lines = patchLines(patch as unknown[]);
  const begins = (sign: string): number =>
    lines.reduce((count, line) => (line.startsWith(sign) ? count + 1 : count), 0);
  return {
    path: path as string,
    operation: isNew ? 'created' : 'modified',
    // a new file has no patch: all of its lines are added
    linesAdded: lines.length === 0 && isNew ? lineCount(result.content) : begins('+'),
    linesDeleted: begins('-'),
  };
}

function patchLines(hunks: unknown[]): string[] {
  return hunks
    .filter(isObject)
    .flatMap((hunk: JsonObject) => (Array.isArray(hunk.lines) ? (hunk.lines as unknown[]) : []))
    .filter((line): line is string => typeof line === 'string');
}

function lineCount(content: unknown): number {
  if (typeof content !== 'string' || content === '') return 0;
  return content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
}

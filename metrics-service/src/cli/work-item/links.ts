import { z } from 'zod';
import { itemIdOrNone, name, optionalName } from '../../contract/values.js';
import { Failure } from '../../failure.js';
import { parseCsv } from '../user/csv.js';

const link = z.strictObject({ sessionId: name, workItemId: itemIdOrNone, stage: optionalName });
export type Link = z.infer<typeof link>;

const MEMBERS = Object.keys(link.shape);

/** The links of a file: a JSON list of objects, or CSV with a head. @throws Failure that says which is wrong */
export function parseLinks(text: string): Link[] {
  const content = text.replace(/^\uFEFF/, '');
  const [what, items] = /^\s*\[/.test(content) ? ['item', fromJson(content)] : ['row', fromCsv(content)];
  return items.map((item, index) => {
    const checked = link.safeParse(item);
    if (checked.success) return checked.data;
    const issue = checked.error.issues[0]!;
    throw new Failure(`${what} ${index + 1}: ${[issue.path.join('.'), issue.message].filter(Boolean).join(' ')}`);
  });
}

function fromJson(text: string): unknown[] {
  try {
    return JSON.parse(text) as unknown[];
  } catch (error) {
    throw new Failure(`this is not JSON: ${(error as Error).message}`);
  }
}

function fromCsv(text: string): unknown[] {
  const [head, ...rows] = parseCsv(text);
  if (!head?.includes('sessionId') || !head.includes('workItemId'))
    throw new Failure(`the first row must name the columns sessionId and workItemId: ${MEMBERS.join(', ')}`);
  return rows.map((row) => Object.fromEntries(head.map((column, index) => [column.trim(), row[index] ?? ''])));
}

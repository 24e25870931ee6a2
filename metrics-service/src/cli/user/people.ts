import type { z } from 'zod';
import { eventTypes } from '../../contract/events.js';
import { Failure } from '../../failure.js';
import { parseCsv } from './csv.js';

const SCHEMA = eventTypes['user.upserted'].data;
/** What a file can state about a user: the members of user.upserted. */
export const MEMBERS = Object.keys(SCHEMA.shape);
/** Separates the aliases in a cell. */
const BETWEEN = ';';

/** What a file states about one user. Absent and null change nothing, '' clears. */
export type PersonSaid = z.input<typeof SCHEMA>;

/** The users of a file: JSON, a list of objects with the members of user.upserted, or CSV with these as its columns. */
export function parsePeople(text: string): PersonSaid[] {
  const content = text.replace(/^\uFEFF/, '');
  const people = /^\s*\[/.test(content) ? fromJson(content) : fromCsv(content);
  const seen = new Set<unknown>();
  const claimed = new Set<unknown>();
  for (const { where, said } of people) {
    const unknown = Object.keys(said).find((member) => !MEMBERS.includes(member));
    if (unknown !== undefined)
      throw new Failure(`${where}: ${JSON.stringify(unknown)} is not a known column: use ${MEMBERS.join(', ')}`);
    const checked = SCHEMA.safeParse(said);
    if (!checked.success) {
      const { path, message } = checked.error.issues[0]!;
      throw new Failure(`${where}: ${path.join('.')} ${message}`);
    }
    if (seen.has(said.userId)) throw new Failure(`${where}: ${JSON.stringify(said.userId)} stands twice`);
    seen.add(said.userId);
    const { aliases = [] } = said as { aliases?: string[] | null };
    for (const alias of new Set(aliases)) {
      if (claimed.has(alias))
        throw new Failure(`${where}: the alias ${JSON.stringify(alias)} is already listed for another user`);
      claimed.add(alias);
    }
  }
  return people.map(({ said }) => said as PersonSaid);
}

type Item = { where: string; said: Record<string, unknown> };

function fromJson(text: string): Item[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new Failure('the file starts like JSON, but is not valid JSON');
  }
  return (list as unknown[]).map((said, index) => {
    if (typeof said !== 'object' || said === null) throw new Failure(`item ${index + 1}: must be an object`);
    return { where: `item ${index + 1}`, said: said as Record<string, unknown> };
  });
}

/** An empty cell changes nothing. */
function fromCsv(text: string): Item[] {
  const [header, ...rows] = parseCsv(text);
  const members = (header ?? []).map(memberOf);
  if (!members.includes('userId')) throw new Failure(`the first line must name the columns: ${MEMBERS.join(', ')}`);
  return rows.map((cells, index) => {
    const where = `row ${index + 2}`;
    if (cells.length !== members.length)
      throw new Failure(`${where}: has ${cells.length} cells, the first line ${members.length}`);
    const said = members.map((member, column) => [member, cellOf(member, cells[column]!.trim())] as const);
    return { where, said: Object.fromEntries(said.filter(([, value]) => value !== null)) };
  });
}

/** Matches user_id, USERID and userId to the same member. */
function memberOf(column: string): string {
  const plain = (name: string): string => name.trim().replaceAll('_', '').toLowerCase();
  return MEMBERS.find((member) => plain(member) === plain(column)) ?? column.trim();
}

function cellOf(member: string, cell: string): string | string[] | null {
  if (cell === '') return null;
  if (member !== 'aliases') return cell;
  return cell
    .split(BETWEEN)
    .map((id) => id.trim())
    .filter((id) => id !== '');
}

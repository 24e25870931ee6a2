import { InvalidArgumentError } from 'commander';
import { patternFault } from '../../contract/work-item-pattern.js';
import type { Database } from '../../db/database.js';
import { printable } from '../../format/values.js';
import { previewPattern } from '../../ingest/relink.js';
import { confirm } from '../confirm.js';
import type { Surroundings } from '../surroundings.js';
import { columns } from '../table.js';
import { plural } from '../../format/numbers.js';

const MOST_EXAMPLES = 10;

/** An option's value as a pattern of work items; '' for none. */
export function workItemPattern(text: string): string {
  const fault = text === '' ? null : patternFault(text);
  if (fault !== null) throw new InvalidArgumentError(`It ${fault}.`);
  return text;
}

/** Shows on standard error what the pattern would give for the last 30 days, and asks. @throws Failure if the answer is no */
export async function previewLinks(
  surroundings: Surroundings,
  database: Database,
  { id, pattern, yes }: { id: string; pattern: string; yes: boolean | undefined },
): Promise<void> {
  const { sessions, linked, examples } = await previewPattern(database, id, { pattern, now: surroundings.clock() });
  const found = examples.filter(({ workItem }) => workItem !== null);
  const others = examples.filter(({ workItem }) => workItem === null);
  const shown = [...found.slice(0, MOST_EXAMPLES), ...others.slice(0, MOST_EXAMPLES / 2)];
  const rows = shown.map(({ branch, workItem }) => [printable(branch), workItem === null ? '–' : printable(workItem)]);
  const lines = [
    `of the last 30 days it would link ${linked} of ${plural(sessions, 'session')} with a branch that nobody linked`,
    ...(rows.length > 0 ? columns(['branch', 'work item'], rows) : []),
  ];
  surroundings.stderr.write(lines.map((line) => `${line}\n`).join(''));
  if (!yes) await confirm(surroundings, pattern === '' ? 'Link by no pattern any more?' : 'Link by this pattern?');
}

import type { QuestionContext } from '../context.js';
import { seesSources } from '../sources.js';
import { idHintsStatement } from '../statements/id-hints.js';
import { MOST_NAMES, unseen, type Finding } from './finding.js';
import { shellWord } from '../../format/shell.js';

const [CHECK, TITLE] = ['possible_aliases', 'Ids that may be one person'];

/** Pairs of ids that senders saw together, and that are not one person yet. */
export async function peopleFindings(context: QuestionContext): Promise<Finding[]> {
  if (!seesSources(context.scope)) return [unseen(CHECK, TITLE)];
  const found = await context.ask(idHintsStatement(context.orgId, MOST_NAMES));
  const pairs = found.map(({ user, other }) => [user, other] as [string, string]);
  const [first] = pairs;
  const alias = first
    ? `\`runboard user alias ${first.map(shellWord).join(' ')} --org ${shellWord(context.orgId)}\``
    : '';
  return [
    {
      check: CHECK,
      title: TITLE,
      count: Number(found[0]?.found ?? 0),
      since: (found[0]?.since ?? null) as number | null,
      names: pairs.map(([user, other]) => `${user} = ${other}`),
      remedy: `where it is true, say so: ${alias}. \`runboard user hints --org ${shellWord(context.orgId)}\` lists them all`,
      shows: null,
    },
  ];
}

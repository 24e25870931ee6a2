import type { QuestionContext } from '../context.js';
import { endingTokensStatement } from '../statements/ending-tokens.js';
import { DAY_MS, MOST_NAMES, unseen, type Finding } from './finding.js';
import { shellWord } from '../../format/shell.js';

const [CHECK, TITLE] = ['tokens_ending', 'Tokens that end within 14 days'];
const SOON_MS = 14 * DAY_MS;

interface Token {
  readonly name: string;
  readonly scopes: string;
  readonly expires_at: number;
}

/** Valid tokens that end soon, for administrators; not those that were made for as short a time. */
export async function tokenFindings(context: QuestionContext): Promise<Finding[]> {
  if (!context.settings.administers) return [unseen(CHECK, TITLE)];
  const found = await context.ask(endingTokensStatement(context.orgId, context.now, SOON_MS));
  const tokens = found as unknown as Token[];
  const [first] = tokens;
  const scopes = (first?.scopes ?? '').split(' ').map((scope) => `--scope ${scope}`);
  const create = first
    ? `\`runboard token create --name ${shellWord(first.name)} ${scopes.join(' ')} --expires 90d --org ${shellWord(context.orgId)}\``
    : '';
  return [
    {
      check: CHECK,
      title: TITLE,
      count: tokens.length,
      since: null,
      names: tokens
        .slice(0, MOST_NAMES)
        .map(({ name, expires_at }) => `${name} (${new Date(expires_at).toISOString().slice(0, 10)})`),
      remedy: `make another, and put it where the old one is: ${create}`,
      shows: null,
    },
  ];
}

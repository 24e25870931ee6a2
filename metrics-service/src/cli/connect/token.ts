import { authenticate, createToken, deleteToken, revokeToken } from '../../access/tokens.js';
import { printable } from '../../format/values.js';
import { BadUsage, Failure } from '../../failure.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { word } from '../hint.js';
import type { Surroundings } from '../surroundings.js';
import type { Change } from './files.js';

export interface Sender {
  readonly token: string;
  /** null: not of this database */
  readonly orgId: string | null;
  /** deletes the token, if it was made for this command */
  discard(): Promise<void>;
}

interface Named {
  org?: string;
  token?: string;
}

const MOST_NAME = 200;

/** Whose the token is, and where: a list of tokens shows it. */
export function tokenName(what: string, { actor }: Surroundings, path?: string): string {
  return `connect ${what}: ${path === undefined ? `printed by ${actor}` : `${actor} ${path}`}`.slice(0, MOST_NAME);
}

/** The token that was named, the one of that name that the files hold already, else a fresh one. @throws Failure; BadUsage */
export async function senderOf(
  surroundings: Surroundings,
  named: Named,
  name: string,
  changes: readonly Change[] = [],
): Promise<Sender> {
  const discard = async () => {};
  if (named.token !== undefined) {
    if (!/^rb_[\w-]{32,}$/.test(named.token)) throw new BadUsage('--token must be a token: rb_…');
    return { token: named.token, orgId: null, discard };
  }
  const { actor, clock } = surroundings;
  return withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, named.org);
    for (const token of tokensIn(changes.map(({ found }) => found))) {
      const held = await authenticate(database, token, clock());
      if (held?.orgId === orgId && held.name === name) return { token, orgId, discard };
    }
    const { token, tokenId } = await createToken(database, orgId, { name, scopes: ['ingest'], actor });
    const remove = () => withDatabase(surroundings, (again) => deleteToken(again, orgId, tokenId));
    return { token, orgId, discard: () => remove().catch(() => {}) };
  });
}

/** Revokes the tokens that left the files, where they were made for these files alone; says it, and of others how it is done. */
export async function dismiss(surroundings: Surroundings, name: string, changes: readonly Change[]): Promise<string[]> {
  const kept = tokensIn(changes.map(({ text }) => text));
  const gone = [...tokensIn(changes.map(({ found }) => found))].filter((token) => !kept.has(token));
  if (gone.length === 0) return [];
  const elsewhere =
    'its token stays valid where it was made: `runboard token list` there names it, `runboard token revoke ID` ends it';
  try {
    return await withDatabase(surroundings, async (database) => {
      const said: string[] = [];
      for (const token of gone) {
        const held = await authenticate(database, token, surroundings.clock());
        if (!held) said.push(elsewhere);
        else if (held.name === name) {
          await revokeToken(database, held.orgId, { tokenId: held.tokenId }, surroundings.actor);
          said.push(`revoked its token ${held.tokenId}`);
        } else {
          const revoke = `runboard token revoke ${held.tokenId} --org ${word(held.orgId)}`;
          said.push(`its token stays valid (${printable(held.name)}); if nothing else uses it: ${revoke}`);
        }
      }
      return said;
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [elsewhere];
  }
}

function tokensIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => text.match(/\brb_[\w-]{32,}/g) ?? []));
}

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RUNBOARD = fileURLToPath(new URL('../../../scripts/runboard.mjs', import.meta.url));

export interface MadeToken {
  readonly id: string;
  readonly token: string;
}

/** A token of the demo organization with these scopes: the one that `npm start` prints may not say who users are. */
export function makeToken(scopes: readonly string[]): MadeToken {
  const flags = scopes.flatMap((scope) => ['--scope', scope]);
  return JSON.parse(runboard('token', 'create', '--org', 'demo', '--name', 'e2e', ...flags, '--json')) as MadeToken;
}

/** From now on the service refuses the token. */
export function revokeToken({ id }: MadeToken): void {
  runboard('token', 'revoke', id, '--org', 'demo');
}

function runboard(...command: string[]): string {
  return execFileSync(process.execPath, [RUNBOARD, ...command], { encoding: 'utf8' });
}

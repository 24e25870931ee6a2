import { listOrganizations } from '../access/organizations.js';
import { createToken, deleteToken, deleteTokensPast } from '../access/tokens.js';
import type { TokenScope } from '../contract/access.js';
import { readDataFile } from '../data-folder.js';
import { connect } from '../db/connect.js';
import type { Database } from '../db/database.js';
import { migrationNames, ownsTables } from '../db/migrate.js';
import { openDatabase } from '../db/pool.js';
import { BadUsage, Failure } from '../failure.js';
import type { Surroundings } from './surroundings.js';

/** The organizations that a new installation comes with. */
const BUILT_IN = ['default', 'demo'];
const TOKEN_NAME = 'command line';
/** A command deletes its token when it ends; this limits that of a killed one, and must exceed a long import. */
const TOKEN_LIFE_MS = 12 * 3_600_000;

/** The database's address: DATABASE_URL, else the embedded one while it runs. @throws Failure */
export async function databaseUrl(surroundings: Surroundings): Promise<string> {
  const { databaseUrl: given } = surroundings.config();
  if (given === undefined) return ownerUrl(surroundings);
  await check(given);
  return given;
}

/** Its address as the owner of the tables: DATABASE_OWNER_URL, if set. @throws Failure */
export async function ownerUrl({ config }: Surroundings): Promise<string> {
  const { databaseOwnerUrl: given, dataDir } = config();
  if (given !== undefined) {
    const client = await connect(given, 'runboard');
    if (await ownsTables(client).finally(() => client.end())) return given;
    throw new Failure(
      'the role of DATABASE_URL does not own the tables: set DATABASE_OWNER_URL to the address with the role that does',
    );
  }
  const running = await readDataFile(dataDir, 'database.json');
  const missing = `no database is running (data folder ${dataDir}): start one with \`npm start\`, or set DATABASE_URL`;
  if (!running) throw new Failure(missing);
  await check(running.url).catch((error: unknown) => {
    throw new Failure(missing, { cause: error });
  });
  return running.url;
}

/** Checks that it answers, with a better message than the pool's. @throws Failure */
async function check(url: string): Promise<void> {
  await (await connect(url, 'runboard')).end();
}

/** Runs `work` on the database, with the service's role, and closes it. @throws Failure */
export async function withDatabase<T>(
  surroundings: Surroundings,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const connectionString = await databaseUrl(surroundings);
  const { statementTimeoutMs, engine } = surroundings.config();
  const database = openDatabase({ connectionString, size: 2, statementTimeoutMs, engine });
  try {
    await checkMigrated(database);
    return await work(database);
  } finally {
    await database.close();
  }
}

async function checkMigrated(database: Database): Promise<void> {
  const applied = await database.query<{ name: string }>('select name from pgmigrations').then(
    ({ rows }) => new Set(rows.map(({ name }) => name)),
    () => new Set<string>(),
  );
  const missing = (await migrationNames()).filter((name) => !applied.has(name));
  if (missing.length > 0)
    throw new Failure('the database lacks migrations of this version: run `runboard migrate` first');
}

/**
 * The organization of a command: the one named, else the only one other than `default` and `demo`, else `default`.
 * @throws Failure listing the organizations
 */
export async function resolveOrganization(database: Database, named?: string): Promise<string> {
  const ids = (await listOrganizations(database)).map(({ orgId }) => orgId);
  const list = ids.join(', ');
  if (ids.length === 0) throw new Failure('there is no organization yet: create one with `runboard org create ID`');
  if (named !== undefined) {
    if (ids.includes(named)) return named;
    throw new Failure(`there is no organization ${JSON.stringify(named)}; there is ${list}`);
  }
  const meant = unnamedOrganization(ids);
  if (meant !== null) return meant;
  throw new Failure(`there are several organizations: choose one with --org (${list})`);
}

/** The organization of a command without --org; null if it is ambiguous. */
export function unnamedOrganization(ids: readonly string[]): string | null {
  const own = ids.filter((id) => !BUILT_IN.includes(id));
  if (own.length === 1) return own[0]!;
  if (ids.includes('default')) return 'default';
  return own.length === 0 ? (ids[0] ?? null) : null;
}

/** The address and token for a command's HTTP requests. */
export interface Reached {
  url: string;
  token: string;
  /** deletes the token, if it was made for this command */
  done?: () => Promise<void>;
}

/**
 * The service that a command uses: the one named, else the local one. Without a named token one is made, and those left by
 * killed commands are deleted. @throws Failure; BadUsage
 */
export async function reach(
  surroundings: Surroundings,
  named: { url?: string; token?: string; org?: string },
  scopes: TokenScope[],
): Promise<Reached> {
  if (named.url !== undefined && named.token === undefined) {
    throw new BadUsage('--url also needs --token, with a token of that service');
  }
  const url = named.url ?? (await serviceUrl(surroundings));
  if (named.token !== undefined) return { url, token: named.token };
  return withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, named.org);
    const nowMs = surroundings.clock();
    await deleteTokensPast(database, orgId, { name: TOKEN_NAME, nowMs });
    const expiresAt = new Date(nowMs + TOKEN_LIFE_MS);
    const { actor } = surroundings;
    const { token, tokenId } = await createToken(database, orgId, { name: TOKEN_NAME, scopes, expiresAt, actor });
    const done = () => withDatabase(surroundings, (again) => deleteToken(again, orgId, tokenId));
    return { url, token, done: () => done().catch(() => {}) };
  });
}

/** The running service's address as noted in the data folder, else where it would listen. */
export async function serviceUrl({ config }: Surroundings): Promise<string> {
  const { dataDir, port } = config();
  return (await readDataFile(dataDir, 'service.json'))?.url ?? `http://127.0.0.1:${port}`;
}

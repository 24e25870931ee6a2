import { Command } from 'commander';
import type { Logger } from 'pino';
import { createOrganization, listOrganizations } from '../access/organizations.js';
import { createToken, deleteTokensPast, revokeToken } from '../access/tokens.js';
import type { TokenScope } from '../contract/access.js';
import type { Database } from '../db/database.js';
import { keepFleet } from '../demo/keep-fleet.js';
import { DEMO_ORGANIZATION, loadDemo } from '../demo/load.js';
import { Failure } from '../failure.js';
import { openLog } from '../log.js';
import { answerRequest } from '../query/index.js';
import type { RunningServer } from '../server.js';
import { resolveOrganization } from './context.js';
import { runGrafana } from './grafana/index.js';
import { greeting } from './greeting.js';
import { overviewLines } from './overview.js';
import { isRich } from './query.js';
import { runService } from './run-service.js';
import type { Surroundings } from './surroundings.js';

const TOKEN_NAME = 'npm start';
const DAY_MS = 86_400_000;
const DEFAULT_WIDTH = 120;

/** `runboard start`, which `npm start` runs: everything for one machine, and what to do next. */
export function startCommand(surroundings: Surroundings): Command {
  return new Command('start')
    .description('run everything on this machine and print the next steps; `npm start` runs this')
    .addHelpText('after', '\nExamples:\n  runboard start\n  PORT=9090 RUNBOARD_DATA_DIR=/srv/runboard runboard start')
    .action(async () => {
      const { clock, stdout, stderr } = surroundings;
      // stdout is for a person: only warnings and errors of the log, unless configured otherwise
      const config = surroundings.config({ logLevel: 'warn' });
      const log = openLog(config.logLevel, 'stderr');
      const onProgress = (line: string) => void stderr.write(`${line}\n`);
      let fleet: Promise<void> | undefined;
      await runService(surroundings, {
        config,
        log,
        onProgress,
        async onReady(server, signal) {
          const { url, database } = server;
          await ensureOwnOrganization(database, surroundings.actor);
          const hasDemo = config.demo && (await prepareDemo(server, { log, signal, onProgress }));
          if (signal.aborted) return;
          const ownOrgId = await obviousOrganization(database);
          const orgId = hasDemo ? DEMO_ORGANIZATION : ownOrgId;
          const nowMs = clock();
          const token = await renewToken(surroundings, database, orgId);
          const data = config.databaseUrl === undefined ? config.dataDir : 'the database of DATABASE_URL';
          const newestMs = orgId === null ? null : await newestEvent(database, orgId, nowMs);
          const overview = hasDemo && newestMs !== null ? await overviewOfDemo(surroundings, server, newestMs) : [];
          if (signal.aborted) return;
          stdout.write(greeting({ url, data, orgId, ownOrgId, token, nowMs, newestMs, overview }));
          const other = ownOrgId === null || ownOrgId === orgId ? null : tokenMaker(database, ownOrgId);
          if (hasDemo && config.demoLive) fleet = keepDemoFleet(surroundings, server, log, signal);
          const onBoards = (boardsUrl: string) => void (server.boards.url = boardsUrl);
          await runGrafana(surroundings, { config, log, serviceUrl: url, token, other, onBoards }, signal);
          await fleet;
        },
      });
      stdout.write('Stopped.\n');
    });
}

/** The demo's fleet at work, so that there is something to see; what goes wrong is told once. */
function keepDemoFleet(
  { clock }: Surroundings,
  { ingest }: RunningServer,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  let isTold = false;
  const onError = (error: unknown): void => {
    if (!isTold) log.warn({ err: error }, 'the fleet of the demo could not be told of');
    isTold = true;
  };
  return keepFleet({ ingest, clock, onError }, signal);
}

/** Loads the demo if it is missing; returns whether it exists. The service continues without it. */
async function prepareDemo(
  { url, database, ingest }: RunningServer,
  { log, signal, onProgress }: { log: Logger; signal: AbortSignal; onProgress: (line: string) => void },
): Promise<boolean> {
  let isTold = false;
  const tell = () => {
    if (!isTold) onProgress(`Serving at ${url}; loading the demo organization (RUNBOARD_DEMO=0 leaves it out) …`);
    isTold = true;
  };
  try {
    return (await loadDemo({ database, ingest }, { signal, onProgress: tell })).complete;
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, 'the demo organization could not be loaded');
    return false;
  }
}

/** The overview of the demo; if it was loaded long ago, of its last days. */
function overviewOfDemo({ clock, stdout }: Surroundings, { database }: RunningServer, newestMs: number) {
  const nowMs = clock();
  return overviewLines(database, {
    orgId: DEMO_ORGANIZATION,
    toMs: newestMs > nowMs - DAY_MS ? nowMs : newestMs + 1,
    nowMs,
    rich: isRich(stdout),
    width: stdout.columns ?? DEFAULT_WIDTH,
  });
}

/** The time of the organization's newest event, in epoch ms, or null. */
async function newestEvent(database: Database, orgId: string, nowMs: number): Promise<number | null> {
  const query = { refId: 'A', view: 'total', metrics: ['data_age'], from: nowMs - 1, to: nowMs };
  const { results } = await answerRequest(database, { orgId, viewer: null }, { queries: [query] }, nowMs);
  const ageMs = results.A?.status === 200 ? results.A.frames[0]?.data.values[0]?.[0] : null;
  return typeof ageMs === 'number' ? nowMs - ageMs : null;
}

/** Creates `default` in a database without an organization for your own data. */
async function ensureOwnOrganization(database: Database, actor: string): Promise<void> {
  const organizations = await listOrganizations(database);
  if (organizations.some(({ orgId }) => orgId !== DEMO_ORGANIZATION)) return;
  await createOrganization(database, 'default', { name: 'Default' }, actor);
}

/** The organization of commands without --org; null if it is ambiguous. */
async function obviousOrganization(database: Database): Promise<string | null> {
  try {
    return await resolveOrganization(database);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/**
 * Revokes the token of the previous start, whatever organization it was for, and makes a new one. Tokens that earlier
 * starts revoked are deleted, so that they do not fill the list of tokens.
 */
async function renewToken(
  { clock, actor }: Surroundings,
  database: Database,
  orgId: string | null,
): Promise<string | null> {
  const nowMs = clock();
  for (const { orgId: each } of await listOrganizations(database)) {
    await deleteTokensPast(database, each, { name: TOKEN_NAME, nowMs });
    await revokeToken(database, each, { name: TOKEN_NAME }, actor);
  }
  if (orgId === null) return null;
  const scopes: TokenScope[] = ['ingest', 'read', 'delegate'];
  return (await createToken(database, orgId, { name: TOKEN_NAME, scopes, actor })).token;
}

/** Makes a token for your own organization when the boards show the demo; like the other one it is revoked at the next start. */
function tokenMaker(database: Database, orgId: string): { orgId: string; makeToken: () => Promise<string> } {
  const wanted = { name: TOKEN_NAME, scopes: ['read' as const, 'delegate' as const] };
  return { orgId, makeToken: async () => (await createToken(database, orgId, wanted)).token };
}

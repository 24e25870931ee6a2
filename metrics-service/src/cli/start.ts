import { Command } from 'commander';
import { createOrganization, listOrganizations } from '../access/organizations.js';
import { createToken, revokeToken } from '../access/tokens.js';
import type { Database } from '../db/database.js';
import { Failure } from '../failure.js';
import { answerRequest } from '../query/index.js';
import { resolveOrganization } from './context.js';
import { greeting } from './greeting.js';
import { openLog, runService } from './run-service.js';
import type { Surroundings } from './surroundings.js';

const TOKEN_NAME = 'npm start';

/** `runboard start`, which `npm start` runs: everything for one machine, and what to do next. */
export function startCommand(surroundings: Surroundings): Command {
  return new Command('start')
    .description('run everything on this machine and say what to do next; what `npm start` does')
    .addHelpText('after', '\nExamples:\n  runboard start\n  PORT=9090 RUNBOARD_DATA_DIR=/srv/runboard runboard start')
    .action(async () => {
      const { clock, stdout, stderr } = surroundings;
      // stdout is for a person: of the log only what is wrong, unless asked for more
      const config = surroundings.config({ logLevel: 'warn' });
      await runService(surroundings, {
        config,
        log: openLog(config.logLevel, 'stderr'),
        onProgress: (line) => stderr.write(`${line}\n`),
        async onReady({ url, database }) {
          const made = await renewToken(database);
          const data = config.databaseUrl === undefined ? config.dataDir : 'the database of DATABASE_URL';
          const nowMs = clock();
          const newestMs = made.orgId === null ? null : await newestEvent(database, made.orgId, nowMs);
          stdout.write(greeting({ url, data, ...made, nowMs, newestMs }));
        },
      });
      stdout.write('Stopped.\n');
    });
}

/** The time of the organization's newest event, in epoch ms; null: there is none. */
async function newestEvent(database: Database, orgId: string, nowMs: number): Promise<number | null> {
  const query = { refId: 'A', view: 'total', metrics: ['data_age'], from: nowMs - 1, to: nowMs };
  const { results } = await answerRequest(database, orgId, { queries: [query] }, nowMs);
  const ageMs = results.A?.status === 200 ? results.A.frames[0]?.data.values[0]?.[0] : null;
  return typeof ageMs === 'number' ? nowMs - ageMs : null;
}

/** Revokes the token of the start before and makes a new one; a fresh database gets its organization first. */
async function renewToken(database: Database): Promise<{ orgId: string | null; token: string | null }> {
  const organizations = await listOrganizations(database);
  if (organizations.length === 0) await createOrganization(database, 'default', { name: 'Default' });
  for (const { orgId } of organizations) await revokeToken(database, orgId, { name: TOKEN_NAME });
  try {
    const orgId = await resolveOrganization(database);
    const { token } = await createToken(database, orgId, { name: TOKEN_NAME, scopes: ['ingest', 'read', 'delegate'] });
    return { orgId, token };
  } catch (error) {
    // several organizations, none of them the obvious one
    if (error instanceof Failure) return { orgId: null, token: null };
    throw error;
  }
}

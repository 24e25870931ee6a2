import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { recordAuditEntry } from '../../access/audit.js';
import type { Database } from '../../db/database.js';
import { BadUsage, Failure } from '../../failure.js';
import { printable } from '../../format/values.js';
import { createIngest } from '../../ingest/index.js';
import { DIRECTORY } from '../../ingest/rights.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { ORG_FLAG } from '../options.js';
import { pricesFor } from '../prices.js';
import { print, type Surroundings } from '../surroundings.js';
import { parseLinks, type Link } from './links.js';
import { plural } from '../../format/numbers.js';

interface Flags {
  org?: string;
  file?: string;
  stage?: string;
  json?: boolean;
}

const EVENTS_AT_A_TIME = 1_000;

/** `runboard work-item link` */
export function linkCommand(surroundings: Surroundings): Command {
  return new Command('link')
    .description('say which work item a session is about: this counts more than what anything else says')
    .argument('[session]', "the session's id")
    .argument('[item]', 'the work item: a key, a URL; "" for none')
    .option('--file <file>', 'many links: JSON ([{"sessionId", "workItemId", "stage"}]) or CSV with these columns')
    .option('--stage <stage>', 'what the session is for: planning, implementation, review …')
    .option(...ORG_FLAG)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  runboard work-item link s-1 MIN-123\n  runboard work-item link --file links.csv',
    )
    .action((session: string | undefined, item: string | undefined, flags: Flags) =>
      run(surroundings, { session, item, ...flags }),
    );
}

async function run(
  surroundings: Surroundings,
  { session, item, file, stage, org, json }: Flags & { session: string | undefined; item: string | undefined },
): Promise<void> {
  const links = file === undefined ? [oneLink(session, item, stage)] : parseLinks(await read(file));
  const { clock, actor, config } = surroundings;
  const orgId = await withDatabase(surroundings, async (database) => {
    const orgId = await resolveOrganization(database, org);
    const prices = await pricesFor(surroundings, database, orgId);
    const ingest = createIngest({ database, prices, maxDeadLetters: config().maxDeadLetters, clock });
    await recordAuditEntry(database, orgId, { actor, action: 'sessions linked', details: { sessions: links.length } });
    const latestMs = await latestWordMs(database, orgId, links);
    const at = new Date(Math.max(clock(), latestMs + 1)).toISOString();
    const events = links.map((data) => ({
      ...{ specversion: '1.0', id: randomUUID(), source: 'runboard:cli', type: 'session.linked', time: at },
      data: { ...data, at, by: 'hand' },
    }));
    for (let from = 0; from < events.length; from += EVENTS_AT_A_TIME) {
      const { rejected } = await ingest.ingest(orgId, events.slice(from, from + EVENTS_AT_A_TIME), DIRECTORY);
      if (rejected[0]) throw new Failure(`${rejected[0].path} ${rejected[0].message}`);
    }
    return orgId;
  });
  const [first] = links;
  const one = first && links.length === 1 ? `${printable(first.sessionId)} is about ${itemText(first)}` : null;
  print(surroundings, json, { org: orgId, links }, [one ?? `${plural(links.length, 'session')} linked in ${orgId}`]);
}

/** When the latest word about any of the sessions is of, epoch ms: what is said now counts more. */
async function latestWordMs(database: Database, orgId: string, links: readonly Link[]): Promise<number> {
  const { rows } = await database.inOrganization(
    orgId,
    (tx) =>
      tx.query<{ latest: string | null }>(
        `
        select max((stamps -> -1 -> 0)::bigint) as latest
        from sessions
        where org_id = $1
          and session_id = any($2::text[])`,
        [orgId, links.map(({ sessionId }) => sessionId)],
      ),
    { readOnly: true },
  );
  return Number(rows[0]?.latest ?? 0);
}

function itemText({ workItemId }: Link): string {
  return workItemId === '' ? 'no work item' : printable(workItemId);
}

function oneLink(session: string | undefined, item: string | undefined, stage: string | undefined): Link {
  if (session === undefined || item === undefined)
    throw new BadUsage('name a session and a work item, or a file of them with --file');
  return parseLinks(JSON.stringify([{ sessionId: session, workItemId: item, stage }]))[0]!;
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure(`${file} cannot be read`, { cause: error });
  });
}

import { randomUUID } from 'node:crypto';
import { recordAuditEntry, type Action } from '../../access/audit.js';
import type { Database } from '../../db/database.js';
import { Failure } from '../../failure.js';
import { createIngest } from '../../ingest/index.js';
import { DIRECTORY } from '../../ingest/rights.js';
import { latestClaimMs, personsOfIds } from '../../ingest/persons.js';
import { loadRows } from '../../ingest/store.js';
import { pricesFor } from '../prices.js';
import type { Surroundings } from '../surroundings.js';
import { changeOf, type PersonChange } from './difference.js';
import type { PersonSaid } from './people.js';

const SOURCE = 'runboard:cli';
const EVENTS_AT_A_TIME = 1_000;

/** What would change for the organization's users; unchanged ones are left out. */
export async function changesOf(database: Database, orgId: string, people: PersonSaid[]): Promise<PersonChange[]> {
  const ids = people.map(({ userId }) => userId);
  const aliases = people.flatMap((said) => said.aliases ?? []);
  const { rows, persons, claimedMs } = await database.inOrganization(
    orgId,
    async (tx) => ({
      rows: await loadRows(tx, 'user', ids),
      persons: await personsOfIds(tx, [...ids, ...aliases]),
      claimedMs: await latestClaimMs(tx, aliases),
    }),
    { readOnly: true },
  );
  return people
    .map((said) => changeOf(said, rows.get(said.userId), { persons, claimedMs }))
    .filter(({ isNew, members }) => isNew || members.length > 0);
}

/** Sends the changes as ordinary events, with the rights of the directory. */
export async function say(
  surroundings: Surroundings,
  database: Database,
  { orgId, changes, action }: { orgId: string; changes: PersonChange[]; action: Action },
): Promise<void> {
  const { clock, actor, config } = surroundings;
  const prices = await pricesFor(surroundings, database, orgId);
  const ingest = createIngest({ database, prices, maxDeadLetters: config().maxDeadLetters, clock });
  // how many, not who
  await recordAuditEntry(database, orgId, { actor, action, details: { users: changes.length } });
  const events = changes.map(({ userId, members, latestMs }) => ({
    ...{ specversion: '1.0', id: randomUUID(), source: SOURCE, type: 'user.upserted' },
    time: new Date(Math.max(clock(), latestMs + 1)).toISOString(),
    data: { userId, ...Object.fromEntries(members.map(({ member, after }) => [member, after ?? ''])) },
  }));
  for (let from = 0; from < events.length; from += EVENTS_AT_A_TIME) {
    const { rejected } = await ingest.ingest(orgId, events.slice(from, from + EVENTS_AT_A_TIME), DIRECTORY);
    if (rejected[0]) throw new Failure(`${rejected[0].path} ${rejected[0].message}`);
  }
}

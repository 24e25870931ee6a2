import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOrganization } from '../../../metrics-service/dist/access/organizations.js';
import { createToken } from '../../../metrics-service/dist/access/tokens.js';
import { openDatabase } from '../../../metrics-service/dist/db/pool.js';

/** Makes an organization of its own in the service of the tests, where it is this hour of the day now; answers a token of it. */
export async function makeOrganization(orgId: string, hour: number): Promise<string> {
  const { url } = JSON.parse(readFileSync(join(process.env.RUNBOARD_DATA_DIR!, 'database.json'), 'utf8')) as {
    url: string;
  };
  const database = openDatabase({ connectionString: url, size: 1, statementTimeoutMs: 60_000 });
  try {
    await createOrganization(database, orgId, { timezone: zoneWhere(hour) });
    const scopes = ['ingest', 'directory', 'admin', 'read', 'delegate'] as const;
    return (await createToken(database, orgId, { name: 'e2e', scopes: [...scopes] })).token;
  } finally {
    await database.close();
  }
}

/** A zone without clock changes: of those the names say the hours that are missing to UTC. */
function zoneWhere(hour: number): string {
  const missing = (new Date().getUTCHours() - hour + 24) % 24;
  return missing <= 12 ? `Etc/GMT+${missing}` : `Etc/GMT-${24 - missing}`;
}

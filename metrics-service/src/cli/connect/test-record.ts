import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../failure.js';
import { readTelemetrySeen } from '../../ingest/telemetry-seen.js';
import { TEST_RECORD } from '../../telemetry/map.js';
import { withDatabase } from '../context.js';
import { inOrg } from '../hint.js';
import type { Surroundings } from '../surroundings.js';

const SOURCE = 'runboard-connect';
/** What fetch says in fewer words than are understood. */
const WORDS: Readonly<Record<string, string>> = { 'bad port': 'its port is one that web clients never ask' };
const PATIENCE_MS = 10_000;

/** Sends a test record as an agent would, and waits until it is seen. `orgId` null: in a database elsewhere. @throws Failure */
export async function sendTestRecord(
  surroundings: Surroundings,
  { url, token, orgId, org }: { url: string; token: string; orgId: string | null; org: string | undefined },
): Promise<void> {
  const sentMs = surroundings.clock();
  const nanos = `${sentMs}000000`;
  const record = { timeUnixNano: nanos, observedTimeUnixNano: nanos, body: { stringValue: TEST_RECORD } };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: SOURCE } }] };
  const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/v1/logs`, { method: 'POST', headers, body }).catch((error: unknown) => {
    const why = (error as { cause?: Error }).cause?.message ?? (error as Error).message;
    throw new Failure(
      `a test record did not reach ${url} (${WORDS[why] ?? why}): is the service running? See \`runboard doctor${inOrg(org)}\``,
    );
  });
  if (!response.ok)
    throw new Failure(`a test record was answered ${response.status} by ${url}: ${await response.text()}`);
  if (orgId === null) return;
  for (const endMs = Date.now() + PATIENCE_MS; Date.now() < endMs; await sleep(200)) {
    const seen = await withDatabase(surroundings, (database) => readTelemetrySeen(database, orgId));
    if (seen.some(({ name, source }) => name === TEST_RECORD && source === `otlp:${SOURCE}`)) return;
  }
  throw new Failure(
    `${url} took a test record, but it was not seen in this database within 10 s: is it another service’s?`,
  );
}

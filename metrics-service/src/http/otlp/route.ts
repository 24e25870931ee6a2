import { Router } from 'express';
import type { IngestAnswer } from '../../contract/answers.js';
import { storableText } from '../../contract/values.js';
import type { SeenOutcome } from '../../ingest/telemetry-seen.js';
import { SIGNALS, type Signal } from '../../telemetry/records.js';
import { readBody } from '../admission.js';
import { requireScope } from '../authenticate.js';
import type { Services } from '../services.js';
import { sendExportResponse, type Rejection } from './answer.js';
import { encodingOf, readRecords, type Read, type ReadRecord } from './read.js';

/**
 * `POST /v1/logs`, `/v1/traces`, `/v1/metrics`: OTLP/HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp). The records
 * become events, which are on disk when it answers.
 */
export function otlpRoutes(services: Services): Router {
  const { ingest, config } = services;
  const router = Router();
  for (const signal of SIGNALS) {
    router.post(
      `/v1/${signal}`,
      requireScope(services, 'ingest'),
      readBody(config.maxBodyBytes),
      async (request, response) => {
        const encoding = encodingOf(request);
        const { orgId, scopes } = response.locals.token;
        const rights = { directory: scopes.includes('directory') };
        const read = await readRecords(request, { signal, encoding, most: config.maxEvents, rights });
        const answer = await ingest.ingest(orgId, read.events, scopes);
        const faults = faultsOf(read, answer);
        note(services, { orgId, signal }, read, faults);
        sendExportResponse(response, signal, encoding, rejectionOf(faults));
      },
    );
  }
  return router;
}

/** Why records were not taken, by their index: they could not be used, or one of their events was refused. */
function faultsOf({ records, recordOf }: Read, { rejected }: IngestAnswer): Map<number, string> {
  const faults = new Map<number, string>();
  for (const [index, { mapped }] of records.entries()) {
    if (mapped.outcome === 'unusable') faults.set(index, mapped.note ?? 'cannot be used');
  }
  for (const { index, path, message } of rejected) faults.set(recordOf[index]!, `${path} ${message}`.trim());
  return faults;
}

function rejectionOf(faults: ReadonlyMap<number, string>): Rejection | null {
  const [first] = faults;
  return first === undefined ? null : { count: faults.size, message: `record ${first[0]}: ${first[1]}` };
}

function note(
  { telemetrySeen, monitoring }: Pick<Services, 'telemetrySeen' | 'monitoring'>,
  { orgId, signal }: { orgId: string; signal: Signal },
  { records }: Read,
  faults: ReadonlyMap<number, string>,
): void {
  for (const { record, outcome, note, count } of kindsOf(records, faults)) {
    const { source, mapped } = record;
    const name = storableText(mapped.name.slice(0, 100));
    telemetrySeen.note(orgId, { signal, source, name, outcome, note }, count);
    const isKnown = mapped.outcome !== 'unknown' && name !== '';
    monitoring.countTelemetry({ signal, name: isKnown ? name : 'other', outcome }, count);
  }
}

/** So many records that are called the same, and of which the same became. */
interface Kind {
  readonly record: ReadRecord;
  readonly outcome: SeenOutcome;
  /** of the last that has one */
  note: string | null;
  count: number;
}

function kindsOf(records: readonly ReadRecord[], faults: ReadonlyMap<number, string>): Iterable<Kind> {
  const kinds = new Map<string, Kind>();
  for (const [index, record] of records.entries()) {
    const fault = faults.get(index);
    const outcome = outcomeOf(record, fault);
    const note = fault ?? record.mapped.note ?? null;
    const key = `${outcome}\n${record.mapped.outcome}\n${record.source}\n${record.mapped.name}`;
    const kind = kinds.get(key);
    if (!kind) kinds.set(key, { record, outcome, note, count: 1 });
    else {
      kind.count += 1;
      kind.note = note ?? kind.note;
    }
  }
  return kinds.values();
}

function outcomeOf({ mapped }: ReadRecord, fault: string | undefined): SeenOutcome {
  if (mapped.outcome !== 'mapped') return mapped.outcome;
  if (fault !== undefined) return 'rejected';
  return mapped.events.length > 0 ? 'events' : 'nothing';
}

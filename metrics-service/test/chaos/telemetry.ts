import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/db/pool.js';
import type { Random } from '../support/random.js';
import { tablesOf } from '../support/tables.js';
import { logsBody, nanosOf, type SentRecord } from '../telemetry/otlp.js';
import type { Door } from './audit.js';
import { post } from './post.js';
import type { SendOptions } from './sender.js';

const START = Date.parse('2026-03-01T00:00:00Z');
const RETRIED = [429, 502, 503, 504];

/** The book on what was sent by OTLP, and what of it was acknowledged: model calls, by their requests. */
export class TelemetryLedger {
  readonly acknowledged = new Set<string>();
  readonly sent = new Set<string>();
  readonly broken: string[] = [];
  #made = 0;

  constructor(
    private readonly random: Random,
    readonly orgId: string,
  ) {}

  /** Records of some prompts, with requests of their own; now and then one that was sent before. */
  nextBatch(): { records: SentRecord[]; requests: string[] } {
    const { random } = this;
    const requests = Array.from({ length: random.integer(1, 20) }, () => `req_${(this.#made += 1)}`);
    const known = [...this.acknowledged];
    if (known.length > 0 && random.chance(0.3)) requests.push(random.pick(known));
    return { requests, records: requests.flatMap(recordsOf) };
  }
}

function recordsOf(request: string): SentRecord[] {
  const number = Number(request.slice(4));
  const attributes = {
    'session.id': `s${number % 7}`,
    'prompt.id': `p${Math.floor(number / 3)}`,
    'event.sequence': number,
  };
  const usage = { model: 'claude-sonnet-4-5', input_tokens: number, output_tokens: 1, request_id: request };
  return [
    {
      event: 'user_prompt',
      nanos: nanosOf(START + Math.floor(number / 3) * 60_000),
      attributes: { ...attributes, 'event.sequence': 0 },
    },
    { event: 'api_request', nanos: nanosOf(START + number * 20_000), attributes: { ...attributes, ...usage } },
  ];
}

/** Sends as an SDK does: the same batch again where OTLP says so, and where no answer came. */
export async function sendTelemetryUntil(
  isOver: () => boolean,
  { url, token, ledger }: { url: () => string; token: string; ledger: TelemetryLedger },
  { random, givenUp }: Pick<SendOptions, 'random' | 'givenUp'>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  while (!isOver() && !givenUp?.aborted) {
    const { records, requests } = ledger.nextBatch();
    for (const request of requests) ledger.sent.add(request);
    const body = { type: 'application/json', text: JSON.stringify(logsBody(records)) };
    while (!givenUp?.aborted) {
      const answer = await post(`${url()}/v1/logs`, token, body, { agent, breaksOff: random.chance(0.03) });
      if (answer.status === 200) {
        if (answer.body !== '{}') ledger.broken.push(`records were not taken: ${answer.body}`);
        for (const request of requests) ledger.acknowledged.add(request);
        break;
      }
      if (answer.status !== null && !RETRIED.includes(answer.status))
        ledger.broken.push(`an answer was ${answer.status}: ${answer.body}`);
      await sleep(random.integer(20, 150));
    }
    await sleep(random.integer(0, 60));
  }
  agent.destroy();
}

/** Every acknowledged call is there once, none that nobody sent, and a rebuild makes the same. */
export async function auditTelemetry(ledger: TelemetryLedger, door: Door): Promise<string[]> {
  const database = openDatabase({ connectionString: door.databaseUrl, size: 2, statementTimeoutMs: 600_000 });
  try {
    const { rows } = await database.inOrganization(ledger.orgId, (tx) =>
      tx.query<{ request: string }>('select request_id as request from llm_calls where org_id = $1', [ledger.orgId]),
    );
    const stored = new Set(rows.map(({ request }) => request));
    const found = [...ledger.broken];
    for (const request of ledger.acknowledged)
      if (!stored.has(request)) found.push(`${request} was acknowledged and is lost`);
    for (const request of stored) if (!ledger.sent.has(request)) found.push(`${request} is there and nobody sent it`);
    const before = await tablesOf(database, ledger.orgId);
    await door.rebuild();
    const after = await tablesOf(database, ledger.orgId);
    for (const [table, was] of Object.entries(before)) {
      const is = new Set(after[table]);
      found.push(...was.filter((row) => !is.has(row)).map((row) => `${table}: a rebuild does not make ${row}`));
    }
    return found.slice(0, 20).map((line) => `${ledger.orgId}: ${line.slice(0, 1_000)}`);
  } finally {
    await database.close();
  }
}

import type { Writable } from 'node:stream';
import { z } from 'zod';
import type { QueryAnswer, Result } from '../../contract/frames.js';
import { recordAuditEntry } from '../../access/audit.js';
import { exportCsv, isExportedList } from '../../export/index.js';
import { Failure } from '../../failure.js';
import { answerRequest } from '../../query/index.js';
import { reach, resolveOrganization, withDatabase } from '../context.js';
import type { Surroundings } from '../surroundings.js';
import { download, downloadContinued } from './download.js';
import { addressOf, refusal, send } from './http.js';

/** What answers the command's queries: the database, or a service over HTTP. */
export interface QueryClient {
  /** the organization, or the service's address if only the token determines the organization */
  readonly owner: string;
  /** the answer to one query; `body` is that of POST /v1/query with this query alone */
  ask(body: { queries: [Record<string, unknown>] }): Promise<Result>;
  /**
   * writes a view as CSV to the stream of `open`, which is called once there is something to write; a list without an order is
   * sorted by id, and continues by itself after an interruption
   */
  save(view: string, query: Readonly<Record<string, unknown>>, open: (fileName: string) => Writable): Promise<void>;
}

export interface ClientFlags {
  org?: string;
  url?: string;
  token?: string;
}

/** Runs `work` with the service named by the flags, by default with the database, as of `now`, which may go on. @throws Failure */
export async function withQueryClient<T>(
  surroundings: Surroundings,
  { now: given, ...flags }: ClientFlags & { now: number | (() => number) },
  work: (client: QueryClient) => Promise<T>,
): Promise<T> {
  const now = typeof given === 'function' ? given : () => given;
  if (flags.url !== undefined || flags.token !== undefined) {
    const { url, token, done } = await reach(surroundings, flags, ['read']);
    try {
      return await work({
        owner: url,
        ask: async (body) => onlyResult(await post(url, token, body)),
        save: (view, query, open) =>
          (isWhole(view, query) ? downloadContinued : download)({ url, token, view, query }, open),
      });
    } finally {
      await done?.();
    }
  }
  return withDatabase(surroundings, async (database) => {
    const owner = await resolveOrganization(database, flags.org);
    const asker = { orgId: owner, viewer: null };
    return work({
      owner,
      ask: async (body) => onlyResult(await answerRequest(database, asker, body, now())),
      save(view, given, open) {
        const entry = { actor: surroundings.actor, action: 'exported', details: { what: view } } as const;
        const onRead = () => recordAuditEntry(database, owner, entry);
        const ordered = isWhole(view, given) ? { ...given, ...byId(view) } : given;
        return exportCsv(database, asker, { view, given: ordered, now: now(), onRead }, open);
      },
    });
  });
}

/** A whole list without an order: it is sorted by id, and can be continued. */
function isWhole(view: string, query: Readonly<Record<string, unknown>>): boolean {
  return isExportedList(view) && !['orderBy', 'direction', 'limit', 'offset'].some((member) => member in query);
}

/** The views of lists are named after what they list. */
const byId = (view: string) => ({ orderBy: view.replace(/s$/, ''), direction: 'asc' });

function onlyResult({ results }: QueryAnswer): Result {
  return Object.values(results)[0]!;
}

const PATH = '/v1/query';
const TIMEOUT_MS = 120_000;
/** Loose, so that a newer service may send more members. */
const result = z.union([
  z.object({ status: z.literal(200), frames: z.array(z.object({ schema: z.object({}), data: z.object({}) })).min(1) }),
  z.object({ status: z.literal(400), error: z.string() }),
]);
const answerSchema = z.object({ results: z.record(z.string(), result) });

async function post(url: string, token: string, body: unknown): Promise<QueryAnswer> {
  const response = await send(addressOf(url, PATH), token, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new Failure(refusal(url, response, answer));
  if (answerSchema.safeParse(answer).success) return answer as QueryAnswer;
  throw new Failure(`${url} did not answer like a Runboard service: check the address`);
}

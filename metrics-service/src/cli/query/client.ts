import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { QueryAnswer, Result } from '../../contract/frames.js';
import { noteAudit } from '../../access/audit.js';
import { exportCsv } from '../../export/index.js';
import { BadUsage, Failure } from '../../failure.js';
import { answerRequest } from '../../query/index.js';
import { reach, resolveOrganization, withDatabase } from '../context.js';
import { printable } from '../../presentation/values.js';
import type { Surroundings } from '../surroundings.js';

/** Whoever answers the command's questions: the database, or a service over HTTP. */
export interface QueryClient {
  /** the organization, or the service's address where only its token knows the organization */
  readonly owner: string;
  /** the answer to one query; `body` is that of POST /v1/query with this query alone */
  ask(body: { queries: [Record<string, unknown>] }): Promise<Result>;
  /** writes a view as CSV to what `open` answers, once there is something to write */
  save(view: string, query: Readonly<Record<string, unknown>>, open: (fileName: string) => Writable): Promise<void>;
}

export interface ClientFlags {
  org?: string;
  url?: string;
  token?: string;
}

/** Runs `work` with the service that the flags name, else with the database itself as of `now`. @throws Failure */
export async function withQueryClient<T>(
  surroundings: Surroundings,
  { now, ...flags }: ClientFlags & { now: number },
  work: (client: QueryClient) => Promise<T>,
): Promise<T> {
  if (flags.url !== undefined || flags.token !== undefined) {
    const { url, token, done } = await reach(surroundings, flags, ['read']);
    try {
      return await work({
        owner: url,
        ask: async (body) => onlyResult(await post(url, token, body)),
        save: (view, query, open) => download(url, token, { view, query }, open),
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
      ask: async (body) => onlyResult(await answerRequest(database, asker, body, now)),
      save(view, given, open) {
        const entry = { actor: surroundings.actor, action: 'exported', details: { what: view } } as const;
        const onRead = () => noteAudit(database, owner, entry);
        return exportCsv(database, asker, { view, given, now, onRead }, open);
      },
    });
  });
}

function onlyResult({ results }: QueryAnswer): Result {
  return Object.values(results)[0]!;
}

const PATH = '/v1/query';
const TIMEOUT_MS = 120_000;
/** Loose, so that a newer service may say more. */
const result = z.union([
  z.object({ status: z.literal(200), frames: z.array(z.object({ schema: z.object({}), data: z.object({}) })).min(1) }),
  z.object({ status: z.literal(400), error: z.string() }),
]);
const answerSchema = z.object({ results: z.record(z.string(), result) });
const problem = z.object({ detail: z.string().optional(), title: z.string().optional() });

async function post(url: string, token: string, body: unknown): Promise<QueryAnswer> {
  const response = await send(addressOf(url, PATH), token, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new Failure(refusal(url, response, answer));
  if (answerSchema.safeParse(answer).success) return answer as QueryAnswer;
  throw new Failure(`${url} answers, but not as Runboard does: is this the address of its service?`);
}

async function download(
  url: string,
  token: string,
  { view, query }: { view: string; query: Readonly<Record<string, unknown>> },
  open: (fileName: string) => Writable,
): Promise<void> {
  const address = addressOf(url, `/v1/export/${view}.csv`);
  for (const [name, value] of Object.entries(query)) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    for (const one of [value].flat()) address.searchParams.append(name, isObject ? JSON.stringify(one) : String(one));
  }
  const response = await send(address, token, {});
  if (!response.ok || !response.body) {
    const said = refusal(url, response, await response.json().catch(() => null));
    throw response.status === 400 ? new BadUsage(said) : new Failure(said);
  }
  const [, fileName] = /filename="?([\w.-]+)/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const body = Readable.fromWeb(response.body);
  await pipeline(body, open(fileName ?? `runboard-${view}.csv`)).catch((error: unknown) => {
    throw new Failure(`the file is not whole: ${(error as Error).message}`, { cause: error });
  });
}

async function send(address: URL, token: string, init: RequestInit): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(address, { ...init, headers }).catch((error: unknown) => {
    const { message, cause } = error as Error & { cause?: Error };
    throw new Failure(`no service answers at ${address.origin} (${cause?.message || message})`, { cause: error });
  });
}

function refusal(url: string, { status, statusText }: Response, answer: unknown): string {
  const said = problem.safeParse(answer).data;
  return `${url} answers ${status}: ${printable(said?.detail ?? said?.title ?? statusText)}`;
}

function addressOf(url: string, path: string): URL {
  try {
    return new URL(path.slice(1), url.endsWith('/') ? url : `${url}/`);
  } catch (error) {
    throw new BadUsage(`--url must be like http://127.0.0.1:8080, not ${JSON.stringify(url)}`, { cause: error });
  }
}

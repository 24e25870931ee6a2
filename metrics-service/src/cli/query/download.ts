import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BadUsage, Failure } from '../../failure.js';
import { ContinuedRows, OtherColumns } from './continued.js';
import { addressOf, refusal, send } from './http.js';

/** How many attempts in a row may fail. */
const MOST_ATTEMPTS = 8;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** The service is busy, or starting. */
const AGAIN = new Set([429, 502, 503, 504]);

export interface Download {
  readonly url: string;
  readonly token: string;
  readonly view: string;
  readonly query: Readonly<Record<string, unknown>>;
}

/** A file and its name. */
interface File {
  readonly name: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Writes an export of a service to the stream of `open`. If it is cut off, the file is incomplete. @throws Failure */
export async function download(what: Download, open: (fileName: string) => Writable): Promise<void> {
  const { name, body } = await ask(what);
  await pipeline(Readable.from(body), open(name)).catch((error: unknown) => {
    throw notWhole(error, 'to let it continue by itself, leave out --order-by, --asc, --desc, --limit and --offset');
  });
}

/** The same with a cursor: continues after the last row whenever it is cut off. @throws Failure */
export async function downloadContinued(what: Download, open: (fileName: string) => Writable): Promise<void> {
  const rows = new ContinuedRows();
  const first = await ask(what, rows.cursor);
  await pipeline(Readable.from(parts(what, rows, first)), open(first.name));
}

async function* parts(what: Download, rows: ContinuedRows, first: File): AsyncGenerator<Buffer> {
  let file: File | null = first;
  for (let attempt = 1; ; attempt += 1) {
    const before = rows.rows;
    try {
      file ??= await ask(what, rows.cursor);
      rows.begin();
      for await (const chunk of file.body) yield rows.take(chunk);
      return;
    } catch (error) {
      if (rows.rows > before) attempt = 1;
      if (error instanceof Refused && !AGAIN.has(error.status)) throw error;
      if (attempt === MOST_ATTEMPTS || error instanceof OtherColumns)
        throw notWhole(error, `${rows.rows} rows were written`);
    }
    file = null;
    await sleep(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)));
  }
}

function notWhole(error: unknown, more: string): unknown {
  // an error of the file that is written
  if (error instanceof Error && 'syscall' in error) return error;
  return new Failure(`the file is incomplete: ${(error as Error).message} (${more})`, { cause: error });
}

class Refused extends Failure {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** @throws BadUsage, Refused */
async function ask({ url, token, view, query }: Download, cursor?: string): Promise<File> {
  const address = addressOf(url, `/v1/export/${view}.csv`);
  for (const [name, value] of Object.entries(query)) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    for (const one of [value].flat()) address.searchParams.append(name, isObject ? JSON.stringify(one) : String(one));
  }
  if (cursor !== undefined) address.searchParams.set('cursor', cursor);
  const response = await send(address, token, {});
  if (!response.ok || !response.body) {
    const said = refusal(url, response, await response.json().catch(() => null));
    throw response.status === 400 ? new BadUsage(said) : new Refused(said, response.status);
  }
  const [, fileName] = /filename="?([\w.-]+)/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  return { name: fileName ?? `runboard-${view}.csv`, body: response.body };
}

import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Asker } from '../access/viewer.js';
import type { Query } from '../contract/query.js';
import { readAll } from '../db/cursor.js';
import type { Database } from '../db/database.js';
import { inSnapshot, type QuestionContext, type Row } from '../query/context.js';
import { unknownName } from '../query/invalid.js';
import { readQuery } from '../query/request.js';
import type { Statement } from '../query/sql/statement.js';
import { valueIn } from '../query/statements/list.js';
import { listConfig } from '../query/views/list.js';
import type { ListView } from '../query/views/list-view.js';
import { runs } from '../query/views/runs.js';
import { sessions } from '../query/views/sessions.js';
import { table } from '../query/views/table.js';
import { fileNameOf, lineWriter, titleLine, type CsvColumn } from './csv.js';
import type { Rows } from '../query/rows.js';
import { planQuestion } from '../query/plan-question.js';

const LISTS: readonly ListView[] = [sessions, runs];

/** The views that can be exported as CSV. */
export const EXPORTED_VIEWS: readonly string[] = [table.name, ...LISTS.map(({ name }) => name)];

/** A valid export: its rows come in batches, as lists of values. */
interface Export {
  readonly rows: Rows;
  readonly columns: readonly CsvColumn[];
  readonly batches: AsyncIterator<readonly (readonly unknown[])[]>;
}

/**
 * Writes a view as CSV, row by row from one snapshot, so that memory does not grow with their number. `given` is the
 * query as of POST /v1/query, all rows where it has no `limit`; `now` is epoch ms. `open` is called when nothing
 * stands in the way any more, `onRead` before anything is asked of the database. @throws InvalidQuery, before it is
 */
export async function exportCsv(
  database: Database,
  asker: Asker,
  {
    view,
    given,
    now,
    onRead = async () => {},
    signal,
  }: {
    view: string;
    given: Record<string, unknown>;
    now: number;
    onRead?: () => Promise<void>;
    signal?: AbortSignal;
  },
  open: (fileName: string) => Writable,
): Promise<void> {
  const { query } = readQuery({ refId: 'A', given }, { given: { queries: [] }, queries: [], unknown: [] });
  await onRead();
  await inSnapshot(database, asker, { now, signal }, async (snapshot) => {
    const { rows, columns, batches } = await planExport(snapshot.question(), view, query);
    const first = await batches.next();
    const linesOf = lineWriter(columns, rows.timezone);
    const lines = async function* () {
      yield titleLine(columns);
      for (let batch = first; !batch.done; batch = await batches.next()) yield linesOf(batch.value);
    };
    // one batch at a time: the next is fetched when the reader has taken this one
    const source = Readable.from(lines(), { highWaterMark: 1 });
    await pipeline(source, open(fileNameOf(view, rows.window, rows.timezone)));
  });
}

function planExport(context: QuestionContext, view: string, query: Query): Promise<Export> {
  const list = LISTS.find(({ name }) => name === view);
  if (list) return planList(context, list, query);
  if (view === table.name) return planTable(context, query);
  throw unknownName('export', view, EXPORTED_VIEWS);
}

/** An answer has at most 10,000 rows of a list; a file has as many as were asked for. */
async function planList(context: QuestionContext, list: ListView, query: Query): Promise<Export> {
  const { limit, ...whole } = query;
  const { plan } = await context.tx.attempt(() => planQuestion(context, list, whole));
  const columns = list.columns.map((column) => ({ type: column.type, title: listConfig(column).displayNameFromDS! }));
  return {
    rows: plan.rows,
    columns,
    batches: valuesOf(context, list, list.allRows(context, plan, limit ?? undefined)),
  };
}

async function* valuesOf(context: QuestionContext, { columns }: ListView, statement: Statement) {
  for await (const batch of readAll<Row>(context.tx, context.scoped(statement))) {
    yield batch.map((row) => columns.map((column) => valueIn(column, row)));
  }
}

const TYPES = { time: 'time', number: 'number', boolean: 'flag', string: 'text', other: 'text' } as const;

/** A table has at most 10,000 values, and is computed whole before it is written. */
async function planTable(context: QuestionContext, query: Query): Promise<Export> {
  const all = { ...query, limit: query.limit ?? Number.MAX_SAFE_INTEGER };
  const { plan, answer } = await context.tx.attempt(async () => {
    const { plan } = await planQuestion(context, table, all);
    return { plan, answer: await table.answer(context, plan) };
  });
  const [frame] = answer.frames;
  const columns = frame!.columns.map(({ field: { name, type, config } }) => ({
    title: config?.displayNameFromDS ?? name,
    type: TYPES[type],
  }));
  const lines = frame!.columns[0]!.values.map((_, row) => frame!.columns.map(({ values }) => values[row]));
  return { rows: plan.rows, columns, batches: Readable.from([lines])[Symbol.asyncIterator]() as Export['batches'] };
}

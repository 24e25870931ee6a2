import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Asker } from '../access/viewer.js';
import type { Query } from '../contract/query.js';
import { readAll } from '../db/cursor.js';
import type { Database } from '../db/database.js';
import { inSnapshot, type QuestionContext, type Row } from '../query/context.js';
import { InvalidQuery, unknownName } from '../query/invalid.js';
import { whyNothing } from '../query/reasons.js';
import { readQuery } from '../query/request.js';
import type { Statement } from '../query/sql/statement.js';
import { valueIn, type ListColumn } from '../query/statements/list.js';
import { contrast } from '../query/views/contrast.js';
import { distribution } from '../query/views/distribution.js';
import { findings } from '../query/views/findings.js';
import { listConfig, MAX_ROWS } from '../query/views/list.js';
import type { ListView } from '../query/views/list-view.js';
import { punchcard } from '../query/views/punchcard.js';
import { runs } from '../query/views/runs.js';
import { files } from '../query/views/files.js';
import { sessions } from '../query/views/sessions.js';
import { toolCalls } from '../query/views/tool-calls.js';
import { table } from '../query/views/table.js';
import type { View } from '../query/views/view.js';
import { cursorAfter, readCursor } from './cursor.js';
import { BYTE_ORDER_MARK, fileNameOf, lineWriter, noteLine, titleLine, type CsvColumn } from './csv.js';
import type { Rows } from '../query/rows.js';
import { planQuestion } from '../query/plan-question.js';
import { paced, type Pace } from './pace.js';

const LISTS: readonly ListView[] = [sessions, runs, toolCalls, files];

/** These are never long: they are computed whole, and have no cursor. */
const WHOLE: readonly View[] = [table, findings, contrast, distribution, punchcard];

/** Whether the view is a list, whose file can be continued with a cursor. */
export function isExportedList(view: string): boolean {
  return LISTS.some(({ name }) => name === view);
}

/** The views that can be exported as CSV. */
export const EXPORTED_VIEWS: readonly string[] = [table, ...LISTS, ...WHOLE.slice(1)].map(({ name }) => name);

/** A valid export: its rows come in batches, as lists of values. */
interface Export {
  readonly rows: Rows;
  readonly columns: readonly CsvColumn[];
  readonly batches: AsyncIterator<readonly (readonly unknown[])[]>;
}

/** What is exported. */
export interface ExportRequest {
  readonly view: string;
  /** the query as of POST /v1/query; all rows where it has no `limit` */
  readonly given: Record<string, unknown>;
  /** rows by their ids, each with the cursor to go on after it, from this one on */
  readonly cursor?: string | undefined;
  /** begins with a byte-order mark */
  readonly bom?: boolean;
  /** its headings say their units */
  readonly units?: boolean;
  /** epoch ms */
  readonly now: number;
  /** called before anything is asked of the database */
  readonly onRead?: () => Promise<void>;
  readonly signal?: AbortSignal;
  /** a reader who is slower is cut off */
  readonly pace?: Pace;
  /** whose share of the connections it takes, within the organization's */
  readonly person?: string;
}

/**
 * Writes a view as CSV, row by row from one snapshot, so that memory does not grow with their number. `open` is called
 * when nothing stands in the way any more. @throws InvalidQuery, before it is; TooSlow, after
 */
export async function exportCsv(
  database: Database,
  asker: Asker,
  { view, given, cursor, bom, units, now, onRead = async () => {}, signal, pace, person }: ExportRequest,
  open: (fileName: string) => Writable,
): Promise<void> {
  const { query } = readQuery({ refId: 'A', given }, { given: { queries: [] }, queries: [], unknown: [] });
  const after = cursor === undefined ? null : readAfter(cursor, view, query);
  await onRead();
  await inSnapshot(database, asker, { now, signal, person }, async (snapshot) => {
    const context = snapshot.question();
    const { rows, columns, batches } = await planExport(context, view, { query, after });
    const first = await batches.next();
    const note = await noteOf(context, rows, first.done !== true && first.value.length > 0);
    const linesOf = lineWriter(columns, rows.timezone);
    const lines = async function* () {
      yield (bom ? BYTE_ORDER_MARK : '') + note + titleLine(columns, units);
      for (let batch = first; !batch.done; batch = await batches.next()) yield linesOf(batch.value);
    };
    // one batch at a time: the next is fetched when the reader has taken this one
    const slow = new AbortController();
    const texts = pace ? paced(lines(), pace, (reason) => slow.abort(reason)) : lines();
    const source = Readable.from(texts, { highWaterMark: 1 });
    const to = open(fileNameOf(view, rows.window, rows.timezone));
    await pipeline(source, to, { signal: slow.signal }).catch((error: unknown) => {
      throw slow.signal.aborted ? slow.signal.reason : error;
    });
  });
}

/**
 * The line that says why a file has no numbers; none where that is the answer: nothing in this window, a last page. Who
 * may see nothing always gets it, so that no program takes that for an empty day.
 */
async function noteOf(context: QuestionContext, rows: Rows, hasRows: boolean): Promise<string> {
  if (hasRows && context.scope.kind !== 'nothing') return '';
  const { kind, text } = await whyNothing(context, rows, 'row');
  return kind === 'nothing_in_range' ? '' : noteLine(text);
}

/** The id to go on after; a cursor is for whole lists, whose order nothing that happens meanwhile can change. */
function readAfter(cursor: string, view: string, query: Query): string {
  if (WHOLE.some(({ name }) => name === view))
    throw new InvalidQuery(`a file of ${view} has no cursor: it is never long`);
  if (LISTS.some(({ name, hasNoId }) => name === view && hasNoId)) {
    throw new InvalidQuery(`a file of ${view} has no cursor: its rows have no ids`);
  }
  const other = (['orderBy', 'direction', 'offset'] as const).find((member) => query[member] !== undefined);
  if (other) throw new InvalidQuery(`${other} cannot be combined with cursor: its rows come in the order of their ids`);
  return readCursor(cursor);
}

interface Part {
  readonly query: Query;
  readonly after: string | null;
}

function planExport(context: QuestionContext, view: string, part: Part): Promise<Export> {
  const list = LISTS.find(({ name }) => name === view);
  if (list) return planList(context, list, part);
  const whole = WHOLE.find(({ name }) => name === view);
  if (whole) return planWhole(context, whole, part.query);
  throw unknownName('export', view, EXPORTED_VIEWS);
}

/** An answer has at most 10,000 rows of a list; a file has as many as were asked for. */
async function planList(context: QuestionContext, list: ListView, { query, after }: Part): Promise<Export> {
  const { limit, ...whole } = query;
  const { plan } = await context.tx.attempt(() => planQuestion(context, list, whole));
  const { columns: shown } = await list.allColumns(context, plan);
  const columns = shown.map((column) => {
    const { displayNameFromDS: title = column.name, unit } = listConfig(column);
    return { type: column.type, title, unit };
  });
  const statement = list.allRows(context, plan, { ...(limit != null && { limit }), after });
  const batches = valuesOf(context, shown, statement);
  if (after === null) return { rows: plan.rows, columns, batches };
  return { rows: plan.rows, columns: [...columns, CURSOR], batches: withCursors(batches) };
}

async function* valuesOf(context: QuestionContext, columns: readonly ListColumn[], statement: Statement) {
  for await (const batch of readAll<Row>(context.tx, context.scoped(statement))) {
    yield batch.map((row) => columns.map((column) => valueIn(column, row)));
  }
}

const TYPES = { time: 'time', number: 'number', boolean: 'flag', string: 'text', other: 'text' } as const;

const CURSOR: CsvColumn = { title: 'cursor', type: 'text' };

/** The first value of a row is its id. */
async function* withCursors(batches: AsyncIterable<readonly (readonly unknown[])[]>) {
  for await (const batch of batches) yield batch.map((row) => [...row, cursorAfter(String(row[0]))]);
}

/** An answer of at most 10,000 values, computed whole before it is written. */
async function planWhole(context: QuestionContext, view: View, query: Query): Promise<Export> {
  const most = view === table ? Number.MAX_SAFE_INTEGER : MAX_ROWS;
  const all = { ...query, limit: query.limit ?? most };
  const { plan, answer } = await context.tx.attempt(async () => {
    const { plan } = await planQuestion(context, view, all);
    return { plan, answer: await view.answer(context, plan) };
  });
  const [frame] = answer.frames;
  const columns = frame!.columns.map(({ field: { name, type, config } }) => ({
    title: config?.displayNameFromDS ?? name,
    type: TYPES[type],
    unit: name.endsWith('_change') && config?.unit === 'percentunit' ? undefined : config?.unit,
  }));
  const lines = frame!.columns[0]!.values.map((_, row) => frame!.columns.map(({ values }) => values[row]));
  return { rows: plan.rows, columns, batches: Readable.from([lines])[Symbol.asyncIterator]() as Export['batches'] };
}

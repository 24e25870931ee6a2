import { createHash } from 'node:crypto';
import type { Asker } from '../access/viewer.js';
import { METRICS } from '../catalogue/index.js';
import { ApiError } from '../contract/problem.js';
import type { Frame, Result } from '../contract/frames.js';
import type { Database } from '../db/database.js';
import { answerQuery } from '../query/answer.js';
import { inSnapshot, type Settings } from '../query/context.js';
import { readQuery, readRequest } from '../query/request.js';

/** Which runs a stream is about: the members of a query of the view `live`. */
export interface LiveQuestion {
  readonly filters: Readonly<Record<string, unknown>>;
  readonly limit: number;
}

export type LiveRow = Readonly<Record<string, unknown>>;

/** The runs of now and the metrics of now, as somebody may see them. */
export interface LiveState {
  /** the same for the same content, whichever process made it */
  readonly id: string;
  readonly dataVersion: bigint;
  /** whose content it is: everybody who sees as much has the same */
  readonly sight: string;
  readonly asOf: number;
  readonly runs: ReadonlyMap<string, LiveRow>;
  readonly numbers: Readonly<Record<string, number | null>>;
  readonly notices: readonly string[];
}

const NUMBERS = METRICS.filter(({ value }) => value.base === 'live').map(({ id }) => id);

/** What two viewers must have in common to be told the same. */
export function sightOf({ scope }: Pick<Settings, 'scope'>): string {
  return JSON.stringify(scope);
}

/** Asks as the asker, at `now` (epoch ms), in one snapshot. @throws ApiError what cannot be asked so */
export async function askLive(
  database: Database,
  asker: Asker,
  { filters, limit }: LiveQuestion,
  now: number,
): Promise<LiveState> {
  const queries = [
    { refId: 'runs', view: 'live', filters, limit },
    { refId: 'numbers', view: 'total', metrics: NUMBERS, filters },
  ];
  const request = readRequest({ from: now - 1, to: now, queries });
  return inSnapshot(database, asker, { now }, async ({ settings, question }) => {
    const frames: Frame[] = [];
    for (const asked of request.queries) {
      frames.push(frameOf(await answerQuery(question(), { refId: asked.refId, ...readQuery(asked, request) })));
    }
    const [runs, numbers] = frames as [Frame, Frame];
    const rows = rowsOf(runs);
    const notices = [...new Set((runs.schema.meta?.notices ?? []).map(({ text }) => text))];
    const [values = {}] = rowsOf(numbers) as Record<string, number | null>[];
    const content = JSON.stringify([steadyColumns(runs), values, notices]);
    return {
      id: createHash('sha256').update(content).digest('base64url').slice(0, 16),
      dataVersion: BigInt(settings.dataVersion),
      sight: sightOf(settings),
      asOf: now,
      runs: new Map(rows.map((row) => [row.run as string, row])),
      numbers: values,
      notices,
    };
  });
}

/** What the asker may see now. */
export async function askSight(database: Database, asker: Asker, now: number): Promise<string> {
  return inSnapshot(database, asker, { now }, ({ settings }) => Promise.resolve(sightOf(settings)));
}

function frameOf(result: Result): Frame {
  if (result.status === 200) return result.frames[0]!;
  throw new ApiError(result.status === 400 ? 'invalid_request' : 'query_timeout', result.error);
}

function rowsOf({ schema, data }: Frame): LiveRow[] {
  const length = data.values[0]?.length ?? 0;
  const rows: Record<string, unknown>[] = Array.from({ length }, () => ({}));
  for (const [column, { name }] of schema.fields.entries()) {
    const values = data.values[column]!;
    for (const [index, row] of rows.entries()) row[name] = values[index] ?? null;
  }
  return rows;
}

/** Whether that member of a row grows with the time alone. */
export function isGrowing(name: string, row: LiveRow): boolean {
  return name === 'elapsed' || (name === 'total_cost' && row.cost_estimated === true);
}

/** The rows by columns, without what grows with the time alone. */
function steadyColumns({ schema, data }: Frame): object {
  const columns = new Map(schema.fields.map(({ name }, index) => [name, data.values[index]!]));
  columns.delete('elapsed');
  const estimated = columns.get('cost_estimated');
  const costs = columns.get('total_cost')?.map((cost, row) => (estimated?.[row] === true ? null : cost));
  return { ...Object.fromEntries(columns), total_cost: costs };
}

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
  /** by run: what of its row does not change by itself */
  readonly texts: ReadonlyMap<string, string>;
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
    const texts = new Map(rows.map((row) => [row.run as string, textOf(row)]));
    const content = JSON.stringify([[...texts].sort(), values, notices]);
    const digest = createHash('sha256').update(content).digest('base64url').slice(0, 16);
    return {
      id: digest,
      dataVersion: BigInt(settings.dataVersion),
      sight: sightOf(settings),
      asOf: now,
      runs: new Map(rows.map((row) => [row.run as string, row])),
      texts,
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
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(schema.fields.map(({ name }, column) => [name, data.values[column]![row] ?? null])),
  );
}

/** The row without what grows with the time alone. */
function textOf({ elapsed: _elapsed, total_cost: cost, ...row }: LiveRow): string {
  return JSON.stringify({ ...row, total_cost: row.cost_estimated === true ? null : cost });
}

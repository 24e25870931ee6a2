import { readWindow, needsZone } from '../presentation/window.js';
import { metaOf, rowsOf, type AnswerMeta, type RowSet } from '../presentation/rows.js';
import type { Notice, Result } from '../contract/frames.js';

/** What answers the tools' queries, for one organization. */
export interface QueryEngine {
  /** the answer to one query; `body` is that of POST /v1/query with this query alone */
  ask(body: { queries: [Record<string, unknown>] }): Promise<Result>;
  /** now, epoch ms */
  clock(): number;
}

/** An invalid query; the message says what would be valid. */
export class BadQuestion extends Error {
  override readonly name = 'BadQuestion';
}

export interface AnsweredQuestion extends RowSet {
  readonly answered: AnswerMeta;
  readonly notices: readonly Notice[];
}

/** Asks the engine one query. @throws BadQuestion */
export async function ask(engine: QueryEngine, query: Record<string, unknown>): Promise<AnsweredQuestion> {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const result = await engine.ask({ queries: [{ refId: 'A', ...given }] });
  if (result.status !== 200) throw new BadQuestion(result.error);
  return { ...rowsOf(result.frames), ...metaOf(result.frames) };
}

/** A window in the arguments of a tool. */
export interface AskedWindow {
  readonly last?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timezone?: string | undefined;
}

/** The window in epoch milliseconds, dates in the zone asked for, else the organization's. @throws BadUsage */
export async function windowOf(engine: QueryEngine, { timezone, ...flags }: AskedWindow) {
  const zone = needsZone(flags) ? (timezone ?? (await ownZone(engine))) : 'UTC';
  return { ...readWindow(flags, engine.clock(), zone), timezone };
}

async function ownZone(engine: QueryEngine): Promise<string> {
  const { answered } = await ask(engine, { view: 'total', metrics: ['data_age'], from: 0, to: 1 });
  return answered.timezone;
}

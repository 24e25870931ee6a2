import { readWindow, needsZone } from '../answer/window.js';
import { metaOf, rowsOf, type AnswerMeta, type Rows } from '../answer/rows.js';
import type { Notice, Result } from '../contract/frames.js';

/** Whoever answers the tools' questions, for one organization. */
export interface Source {
  /** the answer to one query; `body` is that of POST /v1/query with this query alone */
  ask(body: { queries: [Record<string, unknown>] }): Promise<Result>;
  /** now, epoch ms */
  clock(): number;
}

/** A question that cannot be answered as it was asked; the message says what would be right. */
export class BadQuestion extends Error {
  override readonly name = 'BadQuestion';
}

export interface Answer extends Rows {
  readonly answered: AnswerMeta;
  readonly notices: readonly Notice[];
}

/** Asks one query of the engine. @throws BadQuestion */
export async function ask(source: Source, query: Record<string, unknown>): Promise<Answer> {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const result = await source.ask({ queries: [{ refId: 'A', ...given }] });
  if (result.status !== 200) throw new BadQuestion(result.error);
  return { ...rowsOf(result.frames), ...metaOf(result.frames) };
}

/** A window as a tool is asked for it. */
export interface AskedWindow {
  readonly last?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timezone?: string | undefined;
}

/** The window in epoch milliseconds, dates in the zone asked for, else the organization's. @throws BadUsage */
export async function windowOf(source: Source, { timezone, ...flags }: AskedWindow) {
  const zone = needsZone(flags) ? (timezone ?? (await ownZone(source))) : 'UTC';
  return { ...readWindow(flags, source.clock(), zone), timezone };
}

async function ownZone(source: Source): Promise<string> {
  const { answered } = await ask(source, { view: 'total', metrics: ['data_age'], from: 0, to: 1 });
  return answered.timezone;
}

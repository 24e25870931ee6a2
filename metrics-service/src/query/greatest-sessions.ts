import { runs } from '../catalogue/bases/runs.js';
import type { Measure } from '../catalogue/measure.js';
import type { QuestionContext } from './context.js';
import { dimensionOf } from './filters.js';
import type { QuickPage } from './latest-sessions.js';
import { countSessions } from './rolled-sessions.js';
import type { Rows } from './rows.js';
import { greatestSessionsStatement, type GreatestSession, type OfLife } from './statements/greatest-sessions.js';
import { keyOf, type ListRow, type Page } from './statements/list.js';
import { MOST_DIRTY_SESSIONS } from './statements/session-counts.js';
import { SESSION_COLUMNS, sessionsListStatement } from './statements/sessions-list.js';

/** The columns that are sums over a session's runs, so that no window has more of it than the whole life. */
const SUMS: Readonly<Partial<Record<string, { ofLife: OfLife; of: readonly Measure[] }>>> = {
  total_cost: { ofLife: 'cost_nanos', of: [runs.cost_nanos] },
  total_tokens: { ofLife: 'tokens', of: [runs.input_tokens, runs.output_tokens] },
  runs: { ofLife: 'runs', of: [runs.runs] },
};
/** A page farther down is read as a whole. */
const MOST_ROWS = 500;
/** So many sessions are looked at for a row of the page, first; then, if others might have more, more. */
const SESSIONS_PER_ROW = [3, 12];

/**
 * A page of the sessions with the greatest cost, tokens or number of runs in the window: those with the greatest of their
 * whole life are looked at, as far as no other session can have as much as the last of the page. Null where the page has
 * another order or filters, or is as quick to read from all.
 */
export async function greatestSessions(context: QuestionContext, rows: Rows, page: Page): Promise<QuickPage | null> {
  const sum = SUMS[page.order.name];
  const wanted = page.offset + page.limit;
  if (!sum || page.direction !== 'desc' || page.after !== undefined || rows.filters.length > 0) return null;
  if (wanted > MOST_ROWS || page.limit === 0 || !(await context.sums())) return null;
  const count = await countSessions(context, [rows.window]);
  if (!count) return null;
  for (const perRow of SESSIONS_PER_ROW) {
    const asked = { ofLife: sum.ofLife, most: perRow * wanted, mostWritten: MOST_DIRTY_SESSIONS };
    const statement = greatestSessionsStatement(context.orgId, rows.window, asked);
    const found = (await context.ask(statement)) as unknown as GreatestSession[];
    const values = [...new Set(found.map(({ session }) => session))];
    const ofThese = { dimension: dimensionOf('session'), values, none: false, negated: false };
    const shown = await context.ask(sessionsListStatement(context.orgId, { ...rows, filters: [ofThese] }, page));
    const last = shown.length < page.limit ? null : valueOf(shown.at(-1)!, sum.of);
    if (last === null || last <= mostOfOthers(found, asked.most)) continue;
    context.noteRolled({ base: 'sessions', kept: 'lives', by: sum.ofLife, slots: found.length, raw: [] });
    return { rows: shown, all: Number(count[0]) };
  }
  return null;
}

/** The greatest known cost of a session in the window, in nano-US-dollars, by the same page; null where that has to be read from all. */
export async function greatestCost(context: QuestionContext, rows: Rows): Promise<bigint | null> {
  const order = SESSION_COLUMNS.find(({ name }) => name === 'total_cost')!;
  const page = await greatestSessions(context, rows, { order, direction: 'desc', limit: 1, offset: 0 });
  const [first] = page?.rows ?? [];
  return first ? valueOf(first, [runs.cost_nanos]) : null;
}

/** The most that any other session can have. */
function mostOfOthers(found: readonly GreatestSession[], most: number): bigint {
  const known = found.flatMap(({ of_life: ofLife }) => (ofLife === null ? [] : [BigInt(ofLife)]));
  return known.length < most ? 0n : known.at(-1)!;
}

function valueOf(row: ListRow, measures: readonly Measure[]): bigint | null {
  const values = measures.map((measure) => row[keyOf(measure)]);
  return values.some((value) => value == null)
    ? null
    : values.reduce<bigint>((sum, one) => sum + BigInt(one as string), 0n);
}

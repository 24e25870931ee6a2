import type { TakeTable } from '../catalogue/bases/base.js';
import { parts, partsBase } from '../catalogue/bases/parts.js';
import { findDimension } from '../catalogue/dimensions.js';
import type { Notice } from '../contract/frames.js';
import { BESIDE_RUNS } from '../rollups/beside.js';
import { compareUtf8 } from '../text-order.js';
import type { QuestionContext } from './context.js';
import { piecesBeside } from './rolled.js';
import type { Rows } from './rows.js';
import { groupColumn } from './statements/aggregation.js';
import { runMeasuresStatement } from './statements/run-measures.js';
import { sumsBesideStatement } from './statements/run-sums.js';

const MOST_NAMES = 5;
/** What adds a price. */
export const PRICE_REMEDY = '`runboard prices import FILE` or RUNBOARD_PRICES adds prices, or send costUsd';
const MODEL = findDimension('call_model')!;
const TOKENS = parts.unpriced_tokens;
/** The parts with such tokens: an index finds them. */
const UNPRICED = { ...partsBase, join: (table: TakeTable) => `${partsBase.join!(table)} and p.unpriced_tokens > 0` };

/** The models with tokens of unknown cost, those with most of them first; '' where no model was told. */
export async function modelsWithoutPrice(context: QuestionContext, rows: Rows): Promise<string[]> {
  const whole = { slices: [rows.window], whole: false, asked: 'all' } as const;
  const pieces = rows.filters.length > 0 ? null : await piecesBeside(context, 'parts', rows, whole);
  const tokens = new Map<string, bigint>();
  const add = (model: string, more: unknown): void => {
    tokens.set(model, (tokens.get(model) ?? 0n) + BigInt(more as string));
  };
  if (pieces) {
    const asked = { measures: [TOKENS], pieces: pieces.slots, groups: [MODEL], filters: [] };
    const found = await context.askOnce(sumsBesideStatement(context.orgId, BESIDE_RUNS.parts, asked));
    for (const row of found) add((row[groupColumn(MODEL)] ?? '') as string, row[TOKENS.name] ?? 0);
  }
  const cut = pieces ? ({ slices: pieces.raw, whole: false, asked: 'last' } as const) : whole;
  if (cut.slices.length > 0) {
    const aggregation = { measures: [TOKENS], groups: [MODEL], rows, cut };
    // panels of a board ask about the same rows
    const found = await context.askOnce(runMeasuresStatement(context.orgId, UNPRICED, aggregation));
    for (const row of found) add((row[groupColumn(MODEL)] ?? '') as string, row[TOKENS.name]);
  }
  return [...tokens]
    .filter(([, count]) => count > 0n)
    .sort(([one, some], [other, more]) => Number(more - some) || compareUtf8(one, other))
    .map(([model]) => model);
}

/** Names those models, and says what to do. */
export async function unpricedModels(context: QuestionContext, rows: Rows): Promise<Notice[]> {
  const models = await modelsWithoutPrice(context, rows);
  if (models.length === 0) return [];
  const others = models.length - MOST_NAMES;
  const more = others <= 0 ? '' : ` and ${others} other model${others === 1 ? '' : 's'}`;
  return [
    { severity: 'warning', text: `no price for ${models.slice(0, MOST_NAMES).join(', ')}${more}: ${PRICE_REMEDY}` },
  ];
}

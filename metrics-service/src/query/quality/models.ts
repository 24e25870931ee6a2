import { SESSIONS_BOARD } from '../links.js';
import type { QuestionContext } from '../context.js';
import type { Rows } from '../rows.js';
import { modelsWithoutPrice, PRICE_REMEDY } from '../unpriced.js';
import { MOST_NAMES, type Finding } from './finding.js';

/** Models of the window's calls that no price list knows. */
export async function modelFindings(context: QuestionContext, rows: Rows): Promise<Finding[]> {
  const models = await modelsWithoutPrice(context, rows);
  const names = models.slice(0, MOST_NAMES);
  const chosen = names.filter((name) => name !== '').map((name) => `var-model=${encodeURIComponent(name)}`);
  return [
    {
      check: 'models_without_price',
      title: 'Models without a price',
      count: models.length,
      since: null,
      names: names.map((name) => name || '(none)'),
      remedy: PRICE_REMEDY,
      link: chosen.length > 0 ? `${SESSIONS_BOARD}?${chosen.join('&')}` : null,
    },
  ];
}

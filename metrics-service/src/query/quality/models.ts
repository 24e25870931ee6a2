import { NONE } from '../../contract/query.js';
import type { QuestionContext } from '../context.js';
import type { Rows } from '../rows.js';
import { modelsWithoutPrice, PRICE_REMEDY } from '../unpriced.js';
import { MOST_NAMES, type Finding } from './finding.js';

/** Models of the window's calls that no price list knows. */
export async function modelFindings(context: QuestionContext, rows: Rows): Promise<Finding[]> {
  const models = await modelsWithoutPrice(context, rows);
  const names = models.slice(0, MOST_NAMES);
  const chosen = names.filter((name) => name !== '');
  return [
    {
      check: 'models_without_price',
      title: 'Models without a price',
      count: models.length,
      since: null,
      names: names.map((name) => name || NONE),
      remedy: PRICE_REMEDY,
      shows: chosen.length > 0 ? { model: chosen } : null,
    },
  ];
}

import runsMetric from '../../catalogue/metrics/runs.js';
import { takes } from '../../catalogue/index.js';
import { textColumn } from '../frames.js';
import { headlineOf } from '../headline/index.js';
import { boardsOf, SHOW_IT } from '../links.js';
import { checkTakes, readRows } from '../plan.js';
import { markdownOf, plainText, targetOf } from '../said.js';
import { checkNumbers } from '../visibility.js';
import type { View } from './view.js';

/** What the window is like in words: a row per sentence, each with where it leads, and the same as Markdown. */
export const headline: View = {
  name: 'headline',
  title: 'Headline',
  members: ['filters'],
  filters: takes(runsMetric).filters,
  plan(question, settings) {
    const rows = readRows(question, settings);
    checkTakes(runsMetric, [], rows.filters);
    checkNumbers(settings.scope, { groups: [], filters: rows.filters, metrics: [] });
    return { rows };
  },
  async answer(context, { rows }) {
    const said = await headlineOf(context, rows);
    const boards = context.linksFor === undefined ? null : boardsOf(context.linksFor, rows);
    const links = said.map((sentence) => {
      const target = boards && targetOf(sentence);
      return target ? boards.url(target) : null;
    });
    const leads = links.some((link) => link !== null);
    const columns = [
      textColumn('headline', said.map(plainText), leads ? SHOW_IT : {}),
      textColumn('link', links),
      textColumn(
        'markdown',
        said.map((sentence) => markdownOf(sentence, boards)),
      ),
    ];
    return { frames: [{ visualisation: 'table', columns }], notices: [] };
  },
};

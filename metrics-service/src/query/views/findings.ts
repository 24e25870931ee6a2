import runsMetric from '../../catalogue/metrics/runs.js';
import { takes } from '../../catalogue/index.js';
import { findingsOf, type Found } from '../findings/index.js';
import { numberColumn, textColumn, timeColumn } from '../frames.js';
import { boardsOf, SHOW_IT } from '../links.js';
import { checkTakes, readRows } from '../plan.js';
import { checkNumbers } from '../visibility.js';
import { whyNothing, type Reason } from '../reasons.js';
import { cutNotices, planLimit } from './list.js';
import type { Planned, View } from './view.js';

const DEFAULT_FINDINGS = 5;

interface FindingsPlan extends Planned {
  readonly limit: number;
}

/** What to look at in the window: a row each, by what is at stake. */
export const findings: View<FindingsPlan> = {
  name: 'findings',
  title: 'Findings',
  members: ['filters', 'limit'],
  filters: takes(runsMetric).filters,
  saysWhyEmpty: true,
  plan(question, settings) {
    const rows = readRows(question, settings);
    checkTakes(runsMetric, [], rows.filters);
    checkNumbers(settings.scope, { groups: [], filters: rows.filters, metrics: [] });
    return { rows, limit: planLimit(question, 'findings', DEFAULT_FINDINGS).limit };
  },
  async answer(context, { rows, limit }) {
    const { found, runs } = await findingsOf(context, rows);
    const shown = found.slice(0, limit);
    const boards = context.linksFor === undefined ? null : boardsOf(context.linksFor, rows);
    const link = ({ to }: Found): string | null => (to && boards ? boards.url(to) : null);
    const text = (name: string, title: string, of: (one: Found) => string | null, config = {}) =>
      textColumn(name, shown.map(of), { displayNameFromDS: title, ...config });
    const columns = [
      text('kind', 'Kind', ({ kind }) => kind.title),
      text('what', 'What', ({ what }) => what, boards ? SHOW_IT : {}),
      timeColumn(
        'since',
        shown.map(({ since }) => since),
        { displayNameFromDS: 'Since' },
      ),
      numberColumn(
        'runs',
        shown.map(({ runs }) => runs),
        { config: { displayNameFromDS: 'Runs', unit: 'locale' } },
      ),
      numberColumn(
        'money',
        shown.map(({ money }) => money),
        { config: { displayNameFromDS: 'At stake', unit: 'currencyUSD' } },
      ),
      text('link', 'Show it', link),
    ];
    const reason = found.length > 0 ? null : runs === 0 ? await whyNothing(context, rows, 'run') : NOTHING;
    return {
      frames: [{ visualisation: 'table', columns }],
      reason,
      notices: cutNotices(shown.length, 0, found.length, ' findings'),
    };
  },
};

const NOTHING: Reason = { kind: 'nothing_found', text: 'Nothing stands out' };

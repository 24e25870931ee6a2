import activeSessions from '../../catalogue/metrics/active_sessions.js';
import runsMetric from '../../catalogue/metrics/runs.js';
import { takes } from '../../catalogue/index.js';
import { numberColumn, textColumn, timeColumn } from '../frames.js';
import { sessionsPath } from '../links.js';
import { checkTakes, planRows } from '../plan.js';
import { findingsOf, type Finding } from '../quality/index.js';
import { hiddenSourcesNotice } from '../sources.js';
import type { View } from './view.js';

const MORE = takes(activeSessions).filters;

/** What is missing or wrong in the data: a row per check, with how many it found, which, and what to do about them. */
export const dataQuality: View = {
  name: 'data_quality',
  title: 'Data quality',
  members: ['filters'],
  filters: takes(runsMetric).filters.filter((name) => MORE.includes(name)),
  plan(question, settings) {
    const rows = planRows(question, settings);
    for (const metric of [runsMetric, activeSessions]) checkTakes(metric, [], rows.filters);
    return { rows };
  },
  async answer(context, { rows }) {
    const found = context.scope.kind === 'nothing' ? [] : await findingsOf(context, rows);
    const text = (name: string, title: string, of: (finding: Finding) => string | null) =>
      textColumn(name, found.map(of), { displayNameFromDS: title });
    const columns = [
      text('check', 'Check', ({ check }) => check),
      text('what', 'What', ({ title }) => title),
      numberColumn(
        'count',
        found.map(({ count }) => count),
        { config: { displayNameFromDS: 'How many', unit: 'locale' } },
      ),
      timeColumn(
        'since',
        found.map(({ since }) => since),
        { displayNameFromDS: 'Since' },
      ),
      text('names', 'Which', namesOf),
      text('remedy', 'What to do', ({ count, remedy }) => (count ? remedy : null)),
      text('link', 'Show them', ({ count, shows }) => (count && shows ? sessionsPath(shows, rows) : null)),
    ];
    return { frames: [{ visualisation: 'table', columns }], notices: hiddenSourcesNotice(context.scope) };
  },
};

function namesOf({ names, count }: Finding): string | null {
  if (names.length === 0) return null;
  const more = (count ?? 0) - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

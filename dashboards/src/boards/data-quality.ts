import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../board.js';
import { numbers } from '../cards.js';
import { PLAIN, steps } from '../colours.js';
import { boardLink, DATA_QUALITY, field, OVERVIEW, SESSIONS, toBoard } from '../links.js';
import { definitions, metric } from '../metric.js';
import { ask, CHOSEN, type Setting } from '../query.js';
import { COLOURED_TEXT, ID, inOrder, link, table, TO_THE_MINUTE, width, WRAPPED } from '../tables.js';
import { bars, lines } from '../trends.js';
import { AGE, AGE_STEPS, coloured, COVERAGE_STEPS, TRUST } from '../trust.js';
import { datasource, dimension, filteredBy, SHARED } from '../variables.js';

const SETTING: Setting = { datasource: CHOSEN, filters: filteredBy(SHARED) };

export const PANELS = { trust: 1, checks: 2, coverage: 3, unpriced: 4, runtimes: 5, users: 6, sources: 7 } as const;

const AGE_OF_SOURCE = 'source_age';
const COVERAGE = ['cost_coverage', 'token_coverage'];
const BY_GROUP = ['terminal_runs', ...COVERAGE];

/** A cell that leads somewhere says where, and not how. */
const AS_WORD = {
  id: 'mappings',
  value: [{ type: 'regex', options: { pattern: '.+', result: { text: 'Sessions', index: 0 } } }],
};

/** How far the numbers can be trusted, and what to do about it. */
export function dataQuality(): DashboardBuilder {
  const built = board(
    DATA_QUALITY,
    'Runboard data quality',
    'What is missing or wrong in the data, and what to do about it',
  )
    .variables([datasource, ...SHARED.map(dimension)])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Sessions', SESSIONS));
  built.withPanel(
    coloured(
      numbers({
        id: PANELS.trust,
        title: 'How far to trust the numbers',
        metrics: [...TRUST, 'unpriced_tokens', AGE],
        width: 24,
        height: 4,
      }),
    )
      .datasource(CHOSEN)
      .withTarget(ask(SETTING, { view: 'total', metrics: [...TRUST, 'unpriced_tokens'] }))
      .withTarget(ask(SETTING, { refId: 'B', view: 'total', metrics: [AGE], filters: {} })),
  );
  built.withPanel(
    table(PANELS.checks, 'What to look after', { width: 24, height: 12 })
      .description(
        'A row per check. Hints, sources and tokens are as of now; all else is about the runs and sessions of the range. – is what you may not see. `runboard doctor` says the same, and what a machine would send.',
      )
      .datasource(CHOSEN)
      .withTarget(ask(SETTING, { view: 'data_quality' }))
      .withTransformation(
        inOrder(['What', 'How many', 'Since', 'Which', 'What to do', 'Show them'], ['Check', 'check']),
      )
      .overrideByName('check', [{ id: 'custom.hidden', value: true }])
      .overrideByName('what', [width(210), WRAPPED])
      .overrideByName('count', [width(90), ...steps([0, PLAIN], [1, 'red']), COLOURED_TEXT])
      .overrideByName('since', TO_THE_MINUTE)
      .overrideByName('names', [width(150), WRAPPED])
      .overrideByName('remedy', [WRAPPED, { id: 'noValue', value: '' }])
      .overrideByName('link', [width(95), AS_WORD, { id: 'noValue', value: '' }]),
  );
  const size = { width: 12, height: 8 };
  built
    .withPanel(
      lines(SETTING, {
        id: PANELS.coverage,
        title: 'Runs whose cost and tokens are known',
        metrics: COVERAGE,
        ...size,
      }).max(1),
    )
    .withPanel(
      bars(SETTING, {
        id: PANELS.unpriced,
        title: 'Tokens without a price, by model',
        metrics: ['unpriced_tokens'],
        query: { groupBy: ['call_model'] },
        ...size,
      }),
    );
  return built
    .withPanel(coverageBy(PANELS.runtimes, 'runtime', { title: 'By runtime', columns: 8 }))
    .withPanel(coverageBy(PANELS.users, 'user', { title: 'By user', columns: 9 }))
    .withPanel(
      table(PANELS.sources, 'What sends events', { width: 7, height: 10, metrics: [AGE_OF_SOURCE] })
        .description(metric(AGE_OF_SOURCE).definition)
        .datasource(CHOSEN)
        .withTarget(
          ask(SETTING, { view: 'table', metrics: [AGE_OF_SOURCE], groupBy: ['source'], filters: {}, limit: 200 }),
        )
        .overrideByName(AGE_OF_SOURCE, [width(130), ...AGE_STEPS, COLOURED_TEXT]),
    );
}

/** The runs of each group that ended, and of how many of them cost and tokens are known. */
function coverageBy(id: number, by: 'runtime' | 'user', { title, columns }: { title: string; columns: number }) {
  const name = by === 'user' ? 'user_id' : by;
  const built = table(id, title, { width: columns, height: 10, metrics: BY_GROUP })
    .description(definitions(BY_GROUP))
    .datasource(CHOSEN)
    .withTarget(ask(SETTING, { view: 'table', metrics: BY_GROUP, groupBy: [by], limit: 50 }))
    .overrideByName(by, link(toBoard(SESSIONS, { title: 'Sessions of ${__value.text}', set: { [by]: field(name) } })))
    .overrideByName('terminal_runs', [width(70)]);
  for (const coverage of COVERAGE) built.overrideByName(coverage, [width(85), ...COVERAGE_STEPS, COLOURED_TEXT]);
  return by === 'user' ? built.overrideByName(name, ID) : built;
}

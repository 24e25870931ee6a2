import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { figures, NO_VALUE } from '../../cards.js';
import { field, SESSIONS, toBoard, WORK_ITEM } from '../../links.js';
import { answersOf, ask, CHOSEN, OTHER_PANEL } from '../../query.js';
import { runsTable } from '../../runs-table.js';
import { atLeast, EMPTY, ID, inOrder, link, NOTE, only, table, TO_THE_MINUTE, width, WRAPPED } from '../../tables.js';
import { OWN } from '../sessions.js';
import { here, LATEST, ONE, PANELS, ROWS, THE_RUN } from './setting.js';

/** Four beside each other: on a phone, too. */
const DONE = ['Runs', 'Run success rate', 'Agent active time', 'Lifespan'];
const SPENT = ['Total cost', 'Total tokens', 'Handoffs', 'Messages'];

const WHO = [
  'User',
  'Repository',
  'Workspace',
  'Runtime',
  'Work item',
  'Last active',
  'Handoff methods',
  'Why post-handoff iteration',
];

/** A panel without a session has one word for all of its numbers; one that is not known is –. */
function summaryOf(id: number, title: string, fields: string[]) {
  return figures({ id, title, fields, width: 12, height: 3, size: 16 })
    .noValue('Nothing to show')
    .withOverride({ matcher: { id: 'byRegexp', options: '/.*/' }, properties: [{ id: 'noValue', value: NO_VALUE }] });
}

/** What it was, why it failed, and the others. */
export function summary(to: DashboardBuilder): void {
  const theirs = toBoard(SESSIONS, {
    title: 'Sessions of ${__value.text}',
    set: { user: field('user_id') },
    keep: OWN,
  });
  to.withPanel(
    summaryOf(PANELS.numbers, 'What it did', DONE)
      .description('What the session did in the range')
      .datasource(CHOSEN)
      .withTarget(ask(ONE, { view: 'session' })),
  )
    .withPanel(
      summaryOf(PANELS.spent, 'What it took', SPENT)
        .description('What it took in the range')
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.numbers)),
    )
    .withPanel(
      table(PANELS.who, 'Who and where', { width: 24, height: 5 })
        .gridPos({ x: 0, y: 3, w: 24, h: 5 })
        .datasource(OTHER_PANEL)
        .withTarget(answersOf(PANELS.numbers))
        .withTransformation(only([NOTE, ...WHO, 'User id']))
        .withTransformation(inOrder(WHO))
        .overrideByName('user', [width(135), WRAPPED, ...link(theirs)])
        .overrideByName('repo', [width(150), WRAPPED])
        .overrideByName('workspace', [width(95), WRAPPED])
        .overrideByName('runtime', [width(105)])
        .overrideByName('work_item', [
          width(105),
          WRAPPED,
          EMPTY,
          ...link(
            toBoard(WORK_ITEM, { title: 'Open work item ${__value.text}', set: { work_item: field('work_item') } }),
          ),
        ])
        .overrideByName('user_id', ID)
        .overrideByName('last_active_at', TO_THE_MINUTE)
        .overrideByName('handoff_methods', [width(135), WRAPPED, EMPTY])
        .overrideByName('post_handoff_reason', [WRAPPED, EMPTY, atLeast(260)]),
    )
    .withPanel(
      runsTable(PANELS.failed, 'Why runs failed', {
        width: 18,
        height: 6,
        columns: ['Run', 'Status', 'Started', 'Failure category', 'Error summary'],
        run: THE_RUN,
      })
        .gridPos({ x: 0, y: 8, w: 18, h: 6 })
        .description('Runs that failed or timed out, the latest first, with what was said of the error')
        .datasource(CHOSEN)
        .withTarget(
          ask(ROWS, { view: 'runs', filters: { ...ROWS.filters, status: ['FAILED', 'TIMEOUT'] }, limit: 1000 }),
        ),
    )
    .withPanel(
      table(PANELS.latest, 'Choose a session', { width: 6, height: 6 })
        .gridPos({ x: 18, y: 8, w: 6, h: 6 })
        .description('The latest sessions of those that the filters of the other boards let pass; a click shows one')
        .datasource(CHOSEN)
        .withTarget(ask(LATEST, { view: 'sessions', limit: 50 }))
        .withTransformation(only([NOTE, 'Session', 'Last active']))
        .overrideByName('session', [
          WRAPPED,
          ...link(here('Show session ${__value.text}', { set: { session: field('session') } })),
        ])
        .overrideByName('last_active_at', [{ id: 'unit', value: 'dateTimeFromNow' }, width(110)]),
    );
}

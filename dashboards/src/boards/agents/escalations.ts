import { field, SESSION, toBoard, WORK_ITEM } from '../../links.js';
import { ask, CHOSEN, type Setting } from '../../query.js';
import { atLeast, EMPTY, inOrder, link, NOTE, only, SHORT_TIME, table, width, WRAPPED } from '../../tables.js';
import { openAgent } from './setting.js';

const COLUMNS = [
  'Time',
  'Agent',
  'Severity',
  'Escalation category',
  'Resolved',
  'Time to resolve',
  'Work item',
  'Session',
];

/** When agents called for a person, the latest first. */
export function escalationsTable(
  id: number,
  setting: Setting,
  { isOfOne = false, ...size }: { width: number; height: number; isOfOne?: boolean },
) {
  const columns = COLUMNS.filter((name) => !isOfOne || name !== 'Agent');
  return table(id, 'Escalations', size)
    .description('When agents called for a person, the latest first')
    .datasource(CHOSEN)
    .withTarget(ask(setting, { view: 'escalations', limit: 200 }))
    .withTransformation(only([NOTE, ...columns]))
    .withTransformation(inOrder(columns))
    .overrideByName('occurred_at', SHORT_TIME)
    .overrideByName('agent', [width(120), WRAPPED, ...link(openAgent)])
    .overrideByName('severity', [width(85)])
    .overrideByName('escalation_category', [WRAPPED, EMPTY, atLeast(130)])
    .overrideByName('resolved_at', SHORT_TIME)
    .overrideByName('time_to_resolve', [width(110)])
    .overrideByName('work_item', [
      WRAPPED,
      EMPTY,
      atLeast(110),
      ...link(toBoard(WORK_ITEM, { title: 'Open work item ${__value.text}', set: { work_item: field('work_item') } })),
    ])
    .overrideByName('session', [
      WRAPPED,
      atLeast(170),
      ...link(toBoard(SESSION, { title: 'Open session ${__value.text}', set: { session: field('session') } })),
    ]);
}

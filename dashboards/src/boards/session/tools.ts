import { COLOURED_TEXT, HIDDEN, link, SHORT_TIME, table, width, WRAPPED } from '../../tables.js';
import { STATUS_MAPPING } from '../../colours.js';
import { field } from '../../links.js';
import { ask, CHOSEN, type Setting } from '../../query.js';
import { filteredBy } from '../../variables.js';
import { here, PANELS, ROWS } from './setting.js';

/** Of the chosen run, or of the whole session. */
const TOOLS: Setting = { ...ROWS, filters: { ...ROWS.filters, ...filteredBy(['run']) } };

/** The session's, since no metric is of a single run. */
export function byTool() {
  const metrics = ['tool_calls', 'tool_failure_rate', 'tool_rejection_rate', 'avg_tool_duration'];
  return table(PANELS.byTool, 'Tools', { width: 12, height: 7, metrics })
    .gridPos({ x: 0, y: 47, w: 12, h: 7 })
    .description('How often each tool was called in the session, failed or was refused, and how long it took')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'table', metrics, groupBy: ['tool'] }))
    .overrideByName('tool', [width(170), WRAPPED]);
}

export function files() {
  return table(PANELS.files, 'Files', { width: 12, height: 7 })
    .gridPos({ x: 12, y: 47, w: 12, h: 7 })
    .description(
      'What tools did to files, of the chosen run or of the session; where paths are not kept, by their kind',
    )
    .datasource(CHOSEN)
    .withTarget(ask(TOOLS, { view: 'files', limit: 1000 }))
    .overrideByName('session', HIDDEN)
    .overrideByName('path', [WRAPPED])
    .overrideByName('operation', [width(105), WRAPPED])
    .overrideByName('lines_added', [width(80)])
    .overrideByName('lines_deleted', [width(85)])
    .overrideByName('changed_at', SHORT_TIME);
}

export function toolCalls() {
  return table(PANELS.toolCalls, 'Tool calls', { width: 24, height: 9 })
    .gridPos({ x: 0, y: 54, w: 24, h: 9 })
    .description('Of the chosen run, or of the session, the latest first. Durations are without waiting for a person')
    .datasource(CHOSEN)
    .withTarget(ask(TOOLS, { view: 'tool_calls', limit: 1000 }))
    .overrideByName('tool_call', HIDDEN)
    .overrideByName('session', HIDDEN)
    .overrideByName('run', [
      width(130),
      WRAPPED,
      ...link(here('Show run ${__value.text}', { set: { run: field('run') } }, ['session'])),
    ])
    .overrideByName('tool', [width(170), WRAPPED])
    .overrideByName('started_at', SHORT_TIME)
    .overrideByName('status', [STATUS_MAPPING, COLOURED_TEXT]);
}

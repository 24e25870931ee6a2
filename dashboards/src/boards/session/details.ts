import { PanelBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { LogsSortOrder } from '@grafana/grafana-foundation-sdk/common';
import * as logs from '@grafana/grafana-foundation-sdk/logs';
import { STATUS_MAPPING } from '../../colours.js';
import { ask, CHOSEN } from '../../query.js';
import { COLOURED_TEXT, HIDDEN, table, TO_THE_MINUTE, width, WRAPPED } from '../../tables.js';
import { filteredBy } from '../../variables.js';
import { ONE, PANELS, ROWS } from './setting.js';

export function activity() {
  return new logs.PanelBuilder()
    .id(PANELS.activity)
    .title('Activity')
    .description('Messages, runs and handoffs in order; where a run is chosen, what happened during it')
    .gridPos({ x: 0, y: 36, w: 24, h: 11 })
    .datasource(CHOSEN)
    .withTarget(ask(ONE, { view: 'activity', filters: filteredBy(['session', 'run']) }))
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(LogsSortOrder.Ascending)
    .noValue('No message, run or handoff to show');
}

export function models() {
  const metrics = ['total_cost', 'uncached_input_tokens', 'cache_read_tokens', 'cache_write_tokens', 'output_tokens'];
  return table(PANELS.models, 'Calls by model', { width: 12, height: 6, metrics })
    .gridPos({ x: 0, y: 63, w: 12, h: 6 })
    .description('Cost and tokens of the parts of the runs, by their own model')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'table', metrics, groupBy: ['call_model'] }))
    .overrideByName('call_model', [width(130), WRAPPED]);
}

export function handoffs() {
  return table(PANELS.handoffs, 'What happened after each handoff', { width: 12, height: 6 })
    .gridPos({ x: 12, y: 63, w: 12, h: 6 })
    .description('Runs of the session that started within the organization’s time after the handoff')
    .datasource(CHOSEN)
    .withTarget(ask(ROWS, { view: 'handoffs', direction: 'asc' }))
    .overrideByName('user_id', HIDDEN)
    .overrideByName('occurred_at', TO_THE_MINUTE)
    .overrideByName('method', [width(155)])
    .overrideByName('first_run_status', [STATUS_MAPPING, COLOURED_TEXT]);
}

export function timeline() {
  return new PanelBuilder()
    .type('traces')
    .id(PANELS.timeline)
    .title('Timeline')
    .description('The session as a trace: runs with their phases, and handoffs')
    .gridPos({ x: 0, y: 69, w: 24, h: 16 })
    .datasource(CHOSEN)
    .withTarget(ask(ONE, { view: 'timeline' }));
}

import { VariableHide, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.js';
import { boardLink, OVERVIEW, RUNS, SESSION, SESSIONS } from '../../links.js';
import { carried, chosen, datasource, text } from '../../variables.js';
import { firstVariable } from '../runs.js';
import { orderVariables } from '../sessions.js';
import { activity, handoffs, models, timeline } from './details.js';
import { run, runs, runsOverTime } from './runs.js';
import { FILTERS } from './setting.js';
import { summary } from './summary.js';
import { byTool, files, toolCalls } from './tools.js';

export function session(): DashboardBuilder {
  const built = board(SESSION, 'Runboard session', 'What happened in one session, and why')
    .variables([
      datasource,
      text('session'),
      chosen('run'),
      ...FILTERS.map(carried),
      ...orderVariables(VariableHide.HideVariable),
      firstVariable(VariableHide.HideVariable),
    ])
    .link(boardLink('Overview', OVERVIEW))
    .link(boardLink('Sessions', SESSIONS))
    .link(boardLink('Runs', RUNS));
  summary(built);
  return built
    .withPanel(run())
    .withPanel(runs())
    .withPanel(runsOverTime())
    .withPanel(activity())
    .withPanel(byTool())
    .withPanel(files())
    .withPanel(toolCalls())
    .withPanel(models())
    .withPanel(handoffs())
    .withPanel(timeline());
}

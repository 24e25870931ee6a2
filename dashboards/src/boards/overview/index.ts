import { RowBuilder, type DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from '../../board.js';
import {
  AGENTS,
  boardLink,
  COMPARE,
  COST,
  DATA_QUALITY,
  FLEET,
  OVERVIEW,
  PERFORMANCE,
  RUNS,
  SESSIONS,
  WORK_ITEMS,
} from '../../links.js';
import { alerts, budgetChanges, mark } from '../../marks.js';
import { datasource, dimension, SHARED, words } from '../../variables.js';
import { findings, wordsOf } from '../../words.js';
import { addCards, addLessUsed, addStrips } from './cards.js';
import { PANELS, SETTING } from './setting.js';
import { addTables, addTeams } from './tables.js';
import { addTrends } from './trends.js';

const PROVIDER_FAILURES = { ...SETTING.filters, failure_category: ['provider_error', 'rate_limited'] };

export function overview(): DashboardBuilder {
  const built = board(
    OVERVIEW,
    'Runboard overview',
    'How the coding agents are used, how often they succeed, what they cost',
  )
    .variables([datasource, ...SHARED.map(dimension), words('headline', SETTING, 'headline')])
    .link(boardLink('Fleet', FLEET))
    .link(boardLink('Cost', COST))
    .link(boardLink('Sessions', SESSIONS))
    .link(boardLink('Runs', RUNS))
    .link(boardLink('Work items', WORK_ITEMS))
    .link(boardLink('Agents', AGENTS))
    .link(boardLink('Compare', COMPARE))
    .link(boardLink('Performance', PERFORMANCE))
    .link(boardLink('Data quality', DATA_QUALITY))
    .annotation(alerts())
    .annotation(budgetChanges())
    .annotation(mark(SETTING, 'Handoffs', { kinds: ['handoff'] }, 'orange'))
    .annotation(mark(SETTING, 'Provider failures', { kinds: ['failed_run'], filters: PROVIDER_FAILURES }, 'red'));
  built.withPanel(wordsOf('headline', { id: PANELS.headline, title: 'What changed', width: 24, height: 4 }));
  addCards(built);
  built.withPanel(findings(SETTING, { id: PANELS.findings, width: 24, height: 7 }));
  addStrips(built);
  addTeams(built);
  built.withRow(new RowBuilder('Over time'));
  addTrends(built);
  built.withRow(new RowBuilder('Who, where, why'));
  addTables(built);
  addLessUsed(built);
  return built;
}

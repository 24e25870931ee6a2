import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TimelineValueAlignment,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DashboardBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { board } from '../board.js';
import { steps } from '../colours.js';
import { boardLink, BUDGETS, OVERVIEW } from '../links.js';
import { alerts, budgetChanges } from '../marks.js';
import { ask, CHOSEN, type Setting } from '../query.js';
import { atLeast, COLOURED_CELL, EMPTY, inOrder, NOTE, only, SHORT_TIME, table, width, WRAPPED } from '../tables.js';
import { datasource, dimension } from '../variables.js';

export const PANELS = { now: 1, past: 2, overTime: 3 } as const;

const FILTERS = { budget: ['$budget'] };
const OF_NOW: Setting = { datasource: CHOSEN, filters: FILTERS, live: true };
const OF_RANGE: Setting = { datasource: CHOSEN, filters: FILTERS };
/** The thresholds that budgets have by default; each one's own are behind its state. */
const [WARN, NEAR, OVER] = [0.75, 0.95, 1];

/** A bar up to the limit: what is over it fills the bar, and says by how much. */
const SHARE_OF_LIMIT = [
  width(112),
  EMPTY,
  { id: 'custom.cellOptions', value: { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' } },
  { id: 'min', value: 0 },
  { id: 'max', value: 1 },
  { id: 'decimals', value: 0 },
  ...steps([0, 'green'], [WARN, 'yellow'], [NEAR, 'orange'], [OVER, 'red']),
];

/** Tints on which Grafana writes in the theme's colour, as it does on those fainter than 0.3: yellow letters cannot be read on white. */
const STATES = {
  id: 'mappings',
  value: [
    {
      type: 'value',
      options: {
        ok: { index: 0, text: 'OK', color: 'transparent' },
        warn: { index: 1, text: 'Warn', color: 'rgba(242, 204, 12, 0.29)' },
        near: { index: 2, text: 'Near the limit', color: 'rgba(255, 120, 10, 0.29)' },
        over: { index: 3, text: 'Over the limit', color: 'rgba(224, 47, 68, 0.29)' },
      },
    },
  ],
};

/** How it stands comes first: a phone shows three columns. */
const NOW = [
  'Budget',
  'Use',
  'State',
  'Projected use',
  'Name',
  'Per',
  'Spent',
  'Limit',
  'Projected',
  'Limit reached',
  'Until',
];

function now() {
  return table(PANELS.now, 'Budgets now', { width: 24, height: 11 })
    .description(
      'How each budget stands in its current day, week or month, whatever the range. **Projected**: what was spent, and each hour until the end as usual in that hour of the week. ' +
        '**Limit reached**: when that will be at this pace, where it is not yet.',
    )
    .datasource(CHOSEN)
    .withTarget(ask(OF_NOW, { view: 'budgets', orderBy: 'projected_use', limit: 1000 }))
    .withTransformation(only([NOTE, ...NOW]))
    .withTransformation(inOrder(NOW))
    .overrideByName('budget', [atLeast(110), WRAPPED])
    .overrideByName('name', [atLeast(110), WRAPPED, EMPTY])
    .overrideByName('period', [width(60)])
    .overrideByName('state', [width(108), STATES, COLOURED_CELL, EMPTY])
    .overrideByName('use', SHARE_OF_LIMIT)
    .overrideByName('projected_use', SHARE_OF_LIMIT)
    .overrideByName('spent', [width(82)])
    .overrideByName('limit', [width(82)])
    .overrideByName('projected', [width(82)])
    .overrideByName('reached_at', [...SHORT_TIME, EMPTY])
    .overrideByName('period_end', SHORT_TIME);
}

/** A row for each budget, a block for each of its periods, up to the one that is not over. */
function overTime() {
  return (
    new PanelBuilder()
      .id(PANELS.overTime)
      .title('Share of the limit, by period')
      .description(
        'What each budget spent in each day, week or month that ended in the range, and in the present one so far, as a share of the limit of the time. ' +
          'A red mark: when an alert rule on budgets fired and when it was over. A purple one: when a budget was set, changed or ended.',
      )
      .gridPos({ x: 0, y: 0, w: 24, h: 10 })
      .datasource(CHOSEN)
      .withTarget(ask(OF_RANGE, { view: 'budget_history', limit: 1000 }))
      .withTarget(ask(OF_NOW, { refId: 'B', view: 'budgets', limit: 1000 }))
      // first, so that why one of them is empty is not among the rows
      .withTransformation(only(SHARES))
      .withTransformation({ id: 'merge', options: {} })
      .withTransformation({ id: 'sortBy', options: { sort: [{ field: 'From' }] } })
      .withTransformation({
        id: 'partitionByValues',
        options: { fields: ['Budget'], keepFields: false, naming: { asLabels: true } },
      })
      .overrideByRegexp('/.*/', [{ id: 'displayName', value: '${__field.labels.Budget}' }])
      .unit('percentunit')
      .decimals(0)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .thresholds(
        new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
          { value: null, color: 'green' },
          { value: WARN, color: 'yellow' },
          { value: NEAR, color: 'orange' },
          { value: OVER, color: 'red' },
        ]),
      )
      // two days may have cost the same
      .mergeValues(false)
      .showValue(VisibilityMode.Auto)
      .alignValue(TimelineValueAlignment.Left)
      .rowHeight(0.8)
      .lineWidth(1)
      .fillOpacity(60)
      .perPage(20)
      .legend(
        new VizLegendOptionsBuilder()
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .showLegend(true)
          .calcs([]),
      )
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None))
  );
}

const SHARES = ['Budget', 'From', 'Use'];

const PAST = [
  'Budget',
  'From',
  'Use',
  'State',
  'Name',
  'Per',
  'Spent',
  'Limit',
  'Limit at its start',
  'Last change',
  'Changed by',
];

function past() {
  return table(PANELS.past, 'Past periods and changes', { width: 24, height: 12 })
    .description(
      'The days, weeks and months that ended in the range, each with the limit that held at its end, what it was at its start, and who changed it last, when.',
    )
    .datasource(CHOSEN)
    .withTarget(ask(OF_RANGE, { view: 'budget_history', limit: 1000 }))
    .withTransformation(only([NOTE, ...PAST]))
    .withTransformation(inOrder(PAST))
    .overrideByName('budget', [atLeast(110), WRAPPED])
    .overrideByName('name', [atLeast(110), WRAPPED, EMPTY])
    .overrideByName('period', [width(60)])
    .overrideByName('period_start', SHORT_TIME)
    .overrideByName('state', [width(108), STATES, COLOURED_CELL, EMPTY])
    .overrideByName('use', SHARE_OF_LIMIT)
    .overrideByName('spent', [width(82)])
    .overrideByName('limit', [width(82)])
    .overrideByName('limit_before', [width(82), EMPTY])
    .overrideByName('changed_at', [...SHORT_TIME, EMPTY])
    .overrideByName('changed_by', [width(120), WRAPPED, EMPTY]);
}

/** What may be spent, what is, and what will be. */
export function budgets(): DashboardBuilder {
  return board(BUDGETS, 'Runboard budgets', 'What may be spent, what is and what will be; and how past periods ended')
    .variables([datasource, dimension('budget')])
    .link(boardLink('Overview', OVERVIEW))
    .annotation(alerts())
    .annotation(budgetChanges().enable(true))
    .withPanel(now())
    .withPanel(overTime())
    .withPanel(past());
}

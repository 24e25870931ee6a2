import { screen } from '@testing-library/react';
import { CoreApp } from '@grafana/data';
import { fakeGrafana } from '../test/grafana';
import { open } from '../test/editor';
import { QueryEditor } from './QueryEditor';

const app = CoreApp.UnifiedAlerting;
const TOTAL = { refId: 'A', version: 1 as const, view: 'total', metrics: ['runs'] };

const problems = () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent);

describe('the query of an alert rule', () => {
  it('is a total from the beginning, and is saved as what is shown', async () => {
    const { seen, onChange } = open(QueryEditor, { refId: 'A' }, { app });
    expect(await screen.findByLabelText('Metric')).toBeVisible();
    expect(seen.last).toEqual(TOTAL);
    expect(problems()).toEqual([]);
    // Grafana's form shows the default as the query, and has none
    const shown = open(QueryEditor, TOTAL, { app });
    expect(shown.onChange).toHaveBeenCalledWith(TOTAL);
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(fakeGrafana().datasource.getDefaultQuery(app)).toEqual({ version: 1, view: 'total', metrics: ['runs'] });
    expect(fakeGrafana().datasource.getDefaultQuery(CoreApp.PanelEditor)).toMatchObject({ view: 'series' });
  });

  it('offers what works: one metric, groups and filters', async () => {
    const { choose, seen } = open(QueryEditor, TOTAL, { app });
    await choose('Metric', 'Run success rate');
    await choose('Group by', 'Team');
    expect(seen.last).toEqual({ ...TOTAL, metrics: ['run_success_rate'], groupBy: ['team'] });
    for (const label of ['View', 'Compare', 'Legend', 'Interval', 'Limit', 'Order by']) {
      expect(screen.queryByLabelText(label)).toBeNull();
    }
  });

  it('says what of a panel does not work, and makes it one number', async () => {
    const metrics = ['runs', 'run_success_rate'];
    const { seen, user } = open(QueryEditor, { ...TOTAL, view: 'series', metrics, compare: 'previous' }, { app });
    const button = await screen.findByRole('button', { name: 'Make it one number' });
    expect(problems()).toEqual([
      'An alert rule compares one number for its range, as the view Total gives it: Time series gives others.',
      'An alert rule takes one metric for each query: add a query for each of the others.',
      'An alert rule takes no period before: it would be a second number.',
    ]);
    await user.click(button);
    expect(seen.last).toEqual({ ...TOTAL, compare: undefined });
    expect(problems()).toEqual([]);
  });

  it('says that a variable stands for nothing, and who is not shown', async () => {
    open(QueryEditor, { ...TOTAL, groupBy: ['user'], filters: { team: ['$team'] } }, { app });
    await screen.findByText('This does not work in an alert rule');
    expect(problems()).toEqual([
      'Alert rules have no variables, so $team stands for nothing: write the value, or remove it.',
      'Alert rules see numbers of many only: not grouped by user, nor filtered to it; ' +
        '`runboard org update --alert-visibility organization` allows it.',
    ]);
    expect(screen.queryByRole('button', { name: 'Make it one number' })).toBeNull();
  });
});

import { screen, waitFor } from '@testing-library/react';
import { fakeGrafana } from '../test/grafana';
import { open } from '../test/editor';
import { type RunboardQuery } from '../types';
import { QueryEditor } from './QueryEditor';

const SERIES: RunboardQuery = { refId: 'A', version: 1, view: 'series', metrics: ['runs'] };

/** The labels of the fields that are shown. */
async function fields(): Promise<Array<string | null>> {
  await screen.findByLabelText('View');
  return Array.from(document.querySelectorAll('label')).map(({ textContent }) => textContent);
}

describe('the query editor', () => {
  it('asks for metrics of the catalogue by what they are called', async () => {
    const { choose, seen, onRunQuery } = open(QueryEditor, SERIES);
    await choose('Metrics', 'Run success rate');
    expect(seen.last).toEqual({ ...SERIES, metrics: ['runs', 'run_success_rate'] });
    expect(onRunQuery).toHaveBeenCalled();
  });

  it('groups by what all the metrics take', async () => {
    const { choose, seen, user } = open(QueryEditor, { ...SERIES, metrics: ['runs', 'active_sessions'] });
    await user.click(await screen.findByLabelText('Group by'));
    const offered = (await screen.findAllByRole('option')).map(({ textContent }) => textContent);
    expect(offered).toEqual([
      expect.stringMatching(/^User/),
      expect.stringMatching(/^Team/),
      expect.stringMatching(/^Repo/),
    ]);
    await user.tab();
    await choose('Group by', 'Team');
    expect(seen.last.groupBy).toEqual(['team']);
  });

  it('says what a metric needs to be grouped by', async () => {
    open(QueryEditor, { ...SERIES, metrics: ['avg_phase_duration'] });
    expect(await screen.findByText('Average phase duration needs Phase')).toBeVisible();
  });

  it('hides what a view does not use, and keeps it', async () => {
    const query = { ...SERIES, groupBy: ['team'], interval: 'day', limit: 5, orderBy: 'run_success_rate' };
    const { choose, seen } = open(QueryEditor, query);
    expect(await fields()).toEqual(
      expect.arrayContaining(['View', 'Metrics', 'Group by', 'Filters', 'Interval', 'Order by', 'Limit', 'Legend']),
    );
    await choose('View', 'Runs list');
    expect(await fields()).toEqual(['View', 'Filters', 'Order by', 'Direction', 'Limit']);
    expect(seen.last).toEqual({ ...query, view: 'runs', orderBy: undefined });
    await choose('View', 'Time series');
    expect(seen.last).toEqual(query);
  });

  it('offers intervals where a share is asked for', async () => {
    const { choose, seen, user } = open(QueryEditor, { ...SERIES, view: 'table', groupBy: ['team'] });
    expect(await fields()).not.toContain('Intervals');
    await choose('Metrics', 'Run success rate');
    await user.click(await screen.findByLabelText('Intervals'));
    expect(seen.last).toMatchObject({ metrics: ['runs', 'run_success_rate'], intervals: 'wilson95' });
  });

  it('asks for a contrast by one filter', async () => {
    const { choose, seen } = open(QueryEditor, { ...SERIES, view: 'contrast' });
    expect(await fields()).toEqual(['View', 'Of', 'With and without', 'Filters']);
    await choose('Of', 'Work items');
    await choose('With and without', 'Team');
    expect(seen.last).toEqual({ ...SERIES, view: 'contrast', of: 'work_items', by: { team: [] } });
    expect(await screen.findByLabelText('Values of Team')).toBeVisible();
  });

  it('asks for a distribution, over time or not', async () => {
    const { choose, seen } = open(QueryEditor, { ...SERIES, view: 'distribution' });
    expect(await fields()).toEqual(['View', 'Of', 'Over time', 'Filters']);
    await choose('Of', 'Cost');
    await choose('Over time', 'day');
    expect(seen.last).toEqual({ ...SERIES, view: 'distribution', of: 'cost', interval: 'day' });
  });

  it('shows what is chosen means', async () => {
    open(QueryEditor, { ...SERIES, groupBy: ['team'], filters: { repo: ['web'] } });
    const definitions = await screen.findByLabelText('Definitions');
    expect(definitions).toHaveTextContent('Runs (runs) What runs means.');
    expect(definitions).toHaveTextContent('Team What team means.');
    expect(definitions).toHaveTextContent('Repository What repo means.');
  });

  it('shows an unknown metric of an old dashboard, and keeps it', async () => {
    const { choose, seen } = open(QueryEditor, { ...SERIES, metrics: ['velocity'] });
    expect(await screen.findByText('velocity (unknown)')).toBeVisible();
    expect(screen.getByText('The service does not know all of these metrics')).toBeVisible();
    await choose('Metrics', 'Run success rate');
    expect(seen.last.metrics).toEqual(['velocity', 'run_success_rate']);
  });

  it('shows an unknown view of a newer service', async () => {
    open(QueryEditor, { refId: 'A', version: 1, view: 'galaxy' });
    expect(await screen.findByDisplayValue('galaxy (unknown)')).toBeVisible();
  });

  it('begins with runs over time where nothing is asked yet', async () => {
    open(QueryEditor, { refId: 'A' });
    expect(await screen.findByDisplayValue('Time series')).toBeVisible();
  });

  it('takes a limit once it is typed, and no other than a number or a variable', async () => {
    const { seen, user, onRunQuery } = open(QueryEditor, { refId: 'A', view: 'runs' });
    await user.type(await screen.findByLabelText('Limit'), '20');
    expect(onRunQuery).not.toHaveBeenCalled();
    await user.tab();
    expect(seen.last.limit).toBe(20);
    await user.clear(screen.getByLabelText('Limit'));
    await user.type(screen.getByLabelText('Limit'), '$n{Enter}');
    expect(seen.last.limit).toBe('$n');
    await user.clear(screen.getByLabelText('Limit'));
    await user.type(screen.getByLabelText('Limit'), 'ten{Enter}');
    expect(screen.getByText('A whole number from 1, or a variable')).toBeVisible();
    await user.clear(screen.getByLabelText('Limit'));
    await user.tab();
    expect(seen.last.limit).toBeUndefined();
  });

  it('compares, orders and names', async () => {
    const { choose, seen, user } = open(QueryEditor, { ...SERIES, view: 'total', groupBy: ['team'] });
    await choose('Compare with', 'The same weekdays');
    expect(seen.last.compare).toBe('same_weekdays');
    await choose('Compare with', 'The period before');
    expect(seen.last.compare).toBe('previous');
    await choose('Order by', 'Run success rate');
    await choose('Direction', 'least first');
    await user.type(screen.getByLabelText('Legend'), '{{{{team}}{Enter}');
    expect(seen.last).toMatchObject({ orderBy: 'run_success_rate', direction: 'asc', legend: '{{team}}' });
  });

  it('asks for a sparkline, and then for its points', async () => {
    const { seen, user } = open(QueryEditor, { ...SERIES, view: 'total', groupBy: undefined, interval: undefined });
    expect(screen.queryByLabelText('Interval')).toBeNull();
    await user.click(await screen.findByLabelText('Sparkline'));
    expect(seen.last.sparkline).toBe(true);
    expect(screen.getByLabelText('Interval')).toBeVisible();
    await user.click(screen.getByLabelText('Sparkline'));
    expect(seen.last.sparkline).toBeUndefined();
  });

  it('is used without a mouse', async () => {
    const { seen, user } = open(QueryEditor, { ...SERIES, metrics: [] });
    (await screen.findByLabelText('Metrics')).focus();
    await user.keyboard('success{ArrowDown}{Enter}');
    expect(seen.last.metrics).toEqual(['run_success_rate']);
    await user.keyboard('{Enter}');
    expect(seen.last.metrics).toEqual([]);
  });

  it('says why there is nothing to choose from, and tries again', async () => {
    const grafana = fakeGrafana({ fails: 'the metrics service at http://x does not answer' });
    const { user, server } = open(QueryEditor, SERIES, { grafana });
    expect(await screen.findByText('the metrics service at http://x does not answer')).toBeVisible();
    server.fails = undefined;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByLabelText('Metrics')).toBeVisible();
  });
});

describe('filters', () => {
  it('goes on to the values of one that was added', async () => {
    const { user } = open(QueryEditor, SERIES);
    await user.click(await screen.findByLabelText('Filters'));
    await user.keyboard('Team');
    await user.click((await screen.findAllByRole('option', { name: /Team/ }))[0]);
    await waitFor(() => expect(screen.getByLabelText('Values of Team')).toHaveFocus());
  });

  it('are added, filled with the values of the service, turned round and removed', async () => {
    const { choose, seen, user, requests } = open(QueryEditor, SERIES);
    await choose('Filters', 'Team');
    expect(seen.last.filters).toEqual({ team: [] });
    await user.click(screen.getByLabelText('Values of Team'));
    await user.keyboard('core');
    const searched = { limit: 1000, search: 'core' };
    await waitFor(() => expect(requests.map(({ params }) => params as unknown)).toContainEqual(searched));
    await user.click((await screen.findAllByRole('option', { name: 'core' }))[0]);
    await user.tab();
    await choose('Values of Team', '(none)');
    expect(seen.last.filters).toEqual({ team: ['core', '(none)'] });
    await choose('Team is or is not', 'is not');
    expect(seen.last.filters).toEqual({ team: { not: ['core', '(none)'] } });
    await user.click(screen.getByRole('button', { name: 'Remove the filter on Team' }));
    expect(seen.last.filters).toEqual({});
  });

  it('take variables, and values that nobody has yet', async () => {
    const grafana = fakeGrafana({ variables: { team: 'core' } });
    const { choose, seen } = open(QueryEditor, { ...SERIES, filters: { team: 'apps' } }, { grafana });
    await choose('Values of Team', '$team');
    await choose('Values of Team', 'a,b');
    expect(seen.last.filters).toEqual({ team: ['apps', '$team', 'a,b'] });
  });

  it('show people by their names', async () => {
    open(QueryEditor, { ...SERIES, filters: { user: ['u-ann'] } });
    expect(await screen.findByText('Ann')).toBeVisible();
  });

  it('that the query does not take are shown as such', async () => {
    open(QueryEditor, { ...SERIES, filters: { session: ['s1'] } });
    expect(await screen.findByText('Session (not taken)')).toBeVisible();
  });

  it('from the dashboard are shown in Explore, and can be taken off', async () => {
    const adhocFilters = [{ key: 'team', operator: '!=', value: 'core' } as const];
    const { seen, user } = open(QueryEditor, { ...SERIES, adhocFilters });
    await user.click(await screen.findByRole('button', { name: /Team != core/ }));
    await waitFor(() => expect(seen.last.adhocFilters).toEqual([]));
  });
});

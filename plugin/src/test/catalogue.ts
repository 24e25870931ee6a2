import { type Catalogue } from '../types';

const ATTRIBUTES = ['user', 'team', 'repo'] as const;

function metric(
  id: string,
  title: string,
  more: Partial<Catalogue['metrics'][number]> = {},
): Catalogue['metrics'][number] {
  return {
    ...{ id, title, section: 'Reliability', definition: `What ${id} means.`, unit: 'runs', grafanaUnit: 'short' },
    ...{
      better: 'neither',
      filters: [...ATTRIBUTES, 'status'],
      groups: [...ATTRIBUTES, 'status'],
      requires: null,
      requiresAny: [],
      hasInterval: false,
    },
    ...more,
  };
}

function dimension(name: Catalogue['dimensions'][number]['name'], title: string): Catalogue['dimensions'][number] {
  return { name, title, definition: `What ${name} means.`, filters: true, groups: true };
}

const GROUPED = ['metrics', 'groupBy', 'filters', 'orderBy', 'direction', 'limit'];

/** A catalogue in the service's form, small enough to look through. */
export const CATALOGUE: Catalogue = {
  metrics: [
    metric('runs', 'Runs'),
    metric('run_success_rate', 'Run success rate', { unit: 'ratio', hasInterval: true }),
    metric('active_sessions', 'Active sessions', { section: 'Sessions', groups: [...ATTRIBUTES] }),
    metric('avg_phase_duration', 'Average phase duration', { groups: [...ATTRIBUTES, 'phase'], requires: 'phase' }),
  ],
  dimensions: [
    dimension('user', 'User'),
    dimension('team', 'Team'),
    dimension('repo', 'Repository'),
    dimension('status', 'Status'),
    dimension('session', 'Session'),
    { ...dimension('phase', 'Phase'), filters: false },
  ],
  views: [
    {
      name: 'total',
      title: 'Total',
      members: [...GROUPED, 'compare', 'sparkline', 'interval', 'legend'],
      filters: null,
      columns: [],
    },
    { name: 'series', title: 'Time series', members: [...GROUPED, 'interval', 'legend'], filters: null, columns: [] },
    { name: 'table', title: 'Table', members: [...GROUPED, 'intervals'], filters: null, columns: [] },
    {
      name: 'runs',
      title: 'Runs list',
      members: ['filters', 'orderBy', 'direction', 'limit'],
      filters: ['user', 'team', 'repo', 'status'],
      columns: [{ name: 'started_at', title: 'Started' }],
    },
    { name: 'activity', title: 'Activity', members: ['filters', 'limit'], filters: ['session'], columns: [] },
    {
      name: 'distribution',
      title: 'Distribution',
      members: ['of', 'filters', 'interval'],
      filters: ['team'],
      columns: [],
    },
    { name: 'contrast', title: 'With and without', members: ['of', 'by', 'filters'], filters: ['team'], columns: [] },
    { name: 'annotations', title: 'Annotations', members: ['kinds', 'filters'], filters: ['team'], columns: [] },
  ],
  intervals: ['auto', 'hour', 'day'],
  annotations: ['handoff', 'failed_run'],
  examples: [{ title: 'Runs per team', query: { view: 'series', metrics: ['runs'], groupBy: ['team'] } }],
};

/** Example queries for the editor's help, with what each answers. */
export const EXAMPLES = [
  {
    title: 'Runs and their success, against the time before',
    query: { view: 'total', metrics: ['runs', 'run_success_rate'], compare: 'previous' },
  },
  {
    title: 'Success rate per team and day',
    query: { view: 'series', metrics: ['run_success_rate'], groupBy: ['team'], interval: 'day' },
  },
  {
    title: 'What the ten most expensive repositories cost',
    query: { view: 'table', metrics: ['total_cost', 'runs', 'cost_per_successful_run'], groupBy: ['repo'], limit: 10 },
  },
  {
    title: 'Why runs failed',
    query: {
      view: 'table',
      metrics: ['failure_share', 'failed_runs'],
      groupBy: ['failure_category'],
      filters: { status: ['FAILED'] },
    },
  },
  {
    title: 'Sessions that went on after a handoff',
    query: { view: 'sessions', filters: { post_handoff_iteration: ['true'] }, orderBy: 'total_cost' },
  },
  {
    title: 'The runs that failed last, and why',
    query: { view: 'runs', filters: { status: ['FAILED'] }, limit: 20 },
  },
  {
    title: 'What happened in one session',
    query: { view: 'activity', filters: { session: ['s-1'] } },
  },
  {
    title: 'Failed runs and first uses of models, to mark in other panels',
    query: { view: 'annotations', kinds: ['failed_run', 'first_model_use'] },
  },
] as const;

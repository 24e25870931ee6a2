import { measuresOf } from '../measure.js';

const TERMINAL = "r.status <> 'IN_FLIGHT'";
const UNSUCCESSFUL = "r.status in ('FAILED', 'CANCELED', 'TIMEOUT')";
const BOTH_TIMES = `${TERMINAL} and r.queue_wait_ms is not null and r.execution_ms is not null`;
const BOTH_TEST_COUNTS = 'r.tests_run is not null and r.tests_passed is not null';

/** Aggregates over the runs in the window, `r`. */
export const runs = measuresOf('runs', {
  runs: ['count', 'count(*)'],
  active_users: ['distinct', 'r.user_id'],

  terminal_runs: ['count', `count(*) filter (where ${TERMINAL})`],
  succeeded_runs: ['count', "count(*) filter (where r.status = 'SUCCEEDED')"],
  failed_runs: ['count', "count(*) filter (where r.status = 'FAILED')"],
  canceled_runs: ['count', "count(*) filter (where r.status = 'CANCELED')"],
  timed_out_runs: ['count', "count(*) filter (where r.status = 'TIMEOUT')"],
  in_flight_runs: ['count', "count(*) filter (where r.status = 'IN_FLIGHT')"],
  unsuccessful_runs: ['count', `count(*) filter (where ${UNSUCCESSFUL})`],

  execution_ms: ['count', 'sum(r.execution_ms)'],
  runs_with_execution: ['count', 'count(r.execution_ms)'],
  p50_execution_ms: ['real', 'percentile_cont(0.5) within group (order by r.execution_ms::float8)'],
  p95_execution_ms: ['real', 'percentile_cont(0.95) within group (order by r.execution_ms::float8)'],
  queue_wait_ms: ['count', 'sum(r.queue_wait_ms)'],
  runs_with_queue_wait: ['count', 'count(r.queue_wait_ms)'],
  p95_queue_wait_ms: ['real', 'percentile_cont(0.95) within group (order by r.queue_wait_ms::float8)'],
  shared_queue_wait_ms: ['count', `sum(r.queue_wait_ms) filter (where ${BOTH_TIMES})`],
  shared_total_ms: ['count', `sum(r.queue_wait_ms + r.execution_ms) filter (where ${BOTH_TIMES})`],

  cost_nanos: ['known', 'sum(r.cost_nanos)'],
  runs_with_cost: ['count', 'count(r.cost_nanos)'],
  terminal_runs_with_cost: ['count', `count(r.cost_nanos) filter (where ${TERMINAL})`],
  unsuccessful_cost_nanos: ['known', `sum(r.cost_nanos) filter (where ${UNSUCCESSFUL})`],

  total_tokens: ['known', 'sum(r.input_tokens) + sum(r.output_tokens)'],
  input_tokens: ['known', 'sum(r.input_tokens)'],
  output_tokens: ['known', 'sum(r.output_tokens)'],
  cache_read_tokens: ['known', 'sum(r.cache_read_tokens)'],
  cache_write_tokens: ['known', 'sum(r.cache_write_tokens)'],
  uncached_input_tokens: ['known', 'sum(r.input_tokens) - sum(r.cache_read_tokens) - sum(r.cache_write_tokens)'],
  runs_with_tokens: ['count', 'count(r.input_tokens)'],
  terminal_runs_with_tokens: ['count', `count(r.input_tokens) filter (where ${TERMINAL})`],

  files_changed: ['count', 'sum(r.files_changed)'],
  lines_added: ['count', 'sum(r.lines_added)'],
  lines_deleted: ['count', 'sum(r.lines_deleted)'],
  tests_run: ['count', 'sum(r.tests_run)'],
  counted_tests_run: ['count', `sum(r.tests_run) filter (where ${BOTH_TEST_COUNTS})`],
  counted_tests_passed: ['count', `sum(r.tests_passed) filter (where ${BOTH_TEST_COUNTS})`],
});

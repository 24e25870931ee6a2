import {
  allOf,
  DURATION,
  humanOf,
  is,
  isFalse,
  isKnown,
  isNot,
  isOneOf,
  isTrue,
  WORK_ITEM,
  type Column,
  type Expression,
} from '../columns.js';
import { count, countKnown, distinct, sumIfKnown, measuresOf, percentile, sum } from '../measure.js';
import { base } from './base.js';

/** Who a run counts for as a user. */
const HUMAN = humanOf('r.user_id');
const TERMINAL = isNot('r.status', 'IN_FLIGHT');
const UNSUCCESSFUL = isOneOf('r.status', ['FAILED', 'CANCELED', 'TIMEOUT']);
const COST_FULLY_KNOWN = allOf(isKnown('r.cost_nanos'), isFalse('r.cost_is_partial'));
const COST_PARTLY_KNOWN = isTrue('r.cost_is_partial');
const BOTH_TIMES = allOf(TERMINAL, isKnown('r.queue_wait_ms'), isKnown('r.execution_ms'));
const BOTH_TEST_COUNTS = allOf(isKnown('r.tests_run'), isKnown('r.tests_passed'));

const HAS_WORK_ITEM: Expression = { sql: `${WORK_ITEM.sql} is not null`, columns: WORK_ITEM.columns };

/** The run's work item, where the column is known. */
function workItemWith(known: Column): Expression {
  return { sql: `case when ${known} is not null then ${WORK_ITEM.sql} end`, columns: [known, ...WORK_ITEM.columns] };
}

/** Over the runs that started in the window, `r`. */
export const runs = measuresOf('runs', {
  runs: count(),
  active_users: distinct(HUMAN),
  runs_of_users: countKnown(HUMAN),
  active_agents: distinct('r.agent'),
  sessions: distinct('r.session_id'),

  terminal_runs: count({ where: TERMINAL }),
  succeeded_runs: count({ where: is('r.status', 'SUCCEEDED') }),
  failed_runs: count({ where: is('r.status', 'FAILED') }),
  canceled_runs: count({ where: is('r.status', 'CANCELED') }),
  timed_out_runs: count({ where: is('r.status', 'TIMEOUT') }),
  in_flight_runs: count({ where: is('r.status', 'IN_FLIGHT') }),
  unsuccessful_runs: count({ where: UNSUCCESSFUL }),

  duration_ms: sum(DURATION),
  runs_with_duration: countKnown('r.execution_ms'),
  p50_duration_ms: percentile(0.5, DURATION),
  p95_duration_ms: percentile(0.95, DURATION),
  execution_ms: sumIfKnown('r.execution_ms'),
  runs_of_sessions: count({ where: isKnown('r.session_id') }),
  execution_ms_of_sessions: sumIfKnown('r.execution_ms', { where: isKnown('r.session_id') }),
  await_ms: sum('r.await_ms', { where: TERMINAL }),
  awaited_duration_ms: sum(DURATION, { where: allOf(TERMINAL, isKnown('r.await_ms')) }),
  queue_wait_ms: sum('r.queue_wait_ms'),
  runs_with_queue_wait: countKnown('r.queue_wait_ms'),
  p95_queue_wait_ms: percentile(0.95, 'r.queue_wait_ms'),
  shared_queue_wait_ms: sum('r.queue_wait_ms', { where: BOTH_TIMES }),
  shared_duration_ms: sum(DURATION, { where: BOTH_TIMES }),

  cost_nanos: sumIfKnown('r.cost_nanos', { about: 'cost' }),
  fully_known_cost_nanos: sumIfKnown('r.cost_nanos', { where: COST_FULLY_KNOWN, about: 'cost' }),
  runs_with_cost: count({ where: COST_FULLY_KNOWN, about: 'cost' }),
  input_tokens_with_cost: sumIfKnown('r.input_tokens', { where: COST_FULLY_KNOWN, about: 'cost' }),
  output_tokens_with_cost: sumIfKnown('r.output_tokens', { where: COST_FULLY_KNOWN, about: 'cost' }),
  terminal_runs_with_cost: count({ where: allOf(TERMINAL, COST_FULLY_KNOWN), about: 'cost' }),
  terminal_runs_with_part_of_cost: count({ where: allOf(TERMINAL, COST_PARTLY_KNOWN), about: 'cost' }),
  cache_savings_nanos: sumIfKnown('r.cache_savings_nanos', { about: 'cost' }),
  unsuccessful_cost_nanos: sumIfKnown('r.cost_nanos', { where: UNSUCCESSFUL, about: 'cost' }),

  input_tokens: sumIfKnown('r.input_tokens', { about: 'tokens' }),
  output_tokens: sumIfKnown('r.output_tokens', { about: 'tokens' }),
  cache_read_tokens: sumIfKnown('r.cache_read_tokens', { about: 'tokens' }),
  cache_write_tokens: sumIfKnown('r.cache_write_tokens', { about: 'tokens' }),
  runs_with_tokens: countKnown('r.input_tokens', { about: 'tokens' }),
  terminal_runs_with_tokens: countKnown('r.input_tokens', { where: TERMINAL, about: 'tokens' }),

  work_items: distinct(WORK_ITEM),
  work_items_with_cost: distinct(workItemWith('r.cost_nanos'), { about: 'cost' }),
  work_items_with_tokens: distinct(workItemWith('r.input_tokens'), { about: 'tokens' }),
  runs_of_work_items: count({ where: HAS_WORK_ITEM }),
  sessions_of_work_items: distinct({
    sql: `case when ${HAS_WORK_ITEM.sql} then r.session_id end`,
    columns: ['r.session_id', ...WORK_ITEM.columns],
  }),
  work_item_cost_nanos: sumIfKnown('r.cost_nanos', { where: HAS_WORK_ITEM, about: 'cost' }),
  work_item_input_tokens: sumIfKnown('r.input_tokens', { where: HAS_WORK_ITEM, about: 'tokens' }),
  work_item_output_tokens: sumIfKnown('r.output_tokens', { where: HAS_WORK_ITEM, about: 'tokens' }),

  files_changed: sum('r.files_changed'),
  lines_added: sum('r.lines_added'),
  lines_deleted: sum('r.lines_deleted'),
  tests_run: sum('r.tests_run'),
  counted_tests_run: sum('r.tests_run', { where: BOTH_TEST_COUNTS }),
  counted_tests_passed: sum('r.tests_passed', { where: BOTH_TEST_COUNTS }),
});

export const runsBase = base({
  name: 'runs',
  title: 'runs',
  rowsOf: 'run',
  rows: runs.runs,
  people: runs.active_users,
  addsUpOverTime: true,
});

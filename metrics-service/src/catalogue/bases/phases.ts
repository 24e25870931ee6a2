import { humanOf } from '../columns.js';
import { count, distinct, measuresOf, sum } from '../measure.js';
import { base } from './base.js';

/** Over the phases, `ph`, of the runs in the window: one row per run and phase name. */
export const phases = measuresOf('phases', {
  phase_ms: sum('ph.ms'),
  runs_with_phase: count(),
  people: distinct(humanOf('r.user_id')),
});

export const phasesBase = base({
  name: 'phases',
  title: 'phases',
  rowsOf: 'run',
  join: () => 'cross join lateral (select key as name, value::bigint as ms from jsonb_each_text(r.phase_ms)) ph',
  rows: phases.runs_with_phase,
  people: phases.people,
  addsUpOverTime: true,
});

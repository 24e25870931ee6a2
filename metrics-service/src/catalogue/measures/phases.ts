import { measuresOf } from '../measure.js';

/** Aggregates over the phases, `ph`, of the runs in the window: one row per run and phase name. */
export const phases = measuresOf('phases', {
  phase_ms: ['count', 'sum(ph.ms)'],
  runs_with_phase: ['count', 'count(*)'],
  people: ['distinct', 'r.user_id'],
});

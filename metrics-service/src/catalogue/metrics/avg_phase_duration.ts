import { ratio } from '../formula.js';
import { phases } from '../bases/phases.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_phase_duration',
  title: 'Average phase duration',
  section: 'Speed',
  definition: 'Grouped by phase: mean length of that phase over the runs that reported it, summed within a run.',
  unit: 'ms',
  better: 'lower',
  value: ratio(phases.phase_ms, phases.runs_with_phase),
  requires: 'phase',
});

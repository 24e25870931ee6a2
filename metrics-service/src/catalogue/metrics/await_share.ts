import { ratio } from '../formula.js';
import { runs } from '../bases/runs.js';
import { metric } from '../metric.js';

export default metric({
  id: 'await_share',
  title: 'Await share',
  section: 'Speed',
  definition:
    'Time that runs waited for a person or a limit ÷ their duration, over the terminal runs that reported it.',
  unit: 'ratio',
  better: 'lower',
  value: ratio(runs.await_ms, runs.awaited_duration_ms),
});

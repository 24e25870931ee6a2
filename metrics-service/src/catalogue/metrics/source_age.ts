import { metric } from '../metric.js';

export default metric({
  id: 'source_age',
  title: 'Source age',
  section: 'Data',
  definition: 'As of now, grouped by source (the 200 newest): now − the newest time of its events, at least 0.',
  unit: 'ms',
  better: 'lower',
  value: { base: 'sources' },
  requires: 'source',
  live: true,
});

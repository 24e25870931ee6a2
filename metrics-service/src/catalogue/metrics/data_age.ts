import { metric } from '../metric.js';

export default metric({
  id: 'data_age',
  title: 'Data age',
  section: 'Data',
  definition: 'Now − the newest time of any event of the organization.',
  unit: 'ms',
  better: 'lower',
  value: { base: 'data' },
});

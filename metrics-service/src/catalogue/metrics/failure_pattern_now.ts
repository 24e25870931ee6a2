import { plain, type Cell } from '../formula.js';
import { EARLIER_WEEKS, failures } from '../bases/failures.js';
import { metric } from '../metric.js';

const LEAST = 5n;
/** times the mean of the earlier weeks */
const TIMES = 3n;
const WEEKS = BigInt(EARLIER_WEEKS.length);

export default metric({
  id: 'failure_pattern_now',
  title: 'Failure pattern',
  section: 'Now',
  definition:
    'As of now, of a category or fingerprint: FAILED runs that started in the last hour, where they are at least 5 and 3 times the mean of the same hour of the week over the 4 weeks before; else 0.',
  unit: 'runs',
  better: 'lower',
  value: {
    ...plain(failures.failures),
    measures: [failures.failures, failures.earlier_failures],
    evaluate: (cell: Cell<'failures'>) => {
      const [late, earlier] = [BigInt(cell.value(failures.failures)!), BigInt(cell.value(failures.earlier_failures)!)];
      return late >= LEAST && late * WEEKS >= TIMES * earlier ? Number(late) : 0;
    },
  },
  live: true,
  requiresAny: ['failure_category', 'failure_fingerprint'],
});

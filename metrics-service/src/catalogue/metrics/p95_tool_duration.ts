import { plain } from '../formula.js';
import { toolCalls } from '../bases/tool-calls.js';
import { metric } from '../metric.js';

export default metric({
  id: 'p95_tool_duration',
  title: 'P95 tool duration',
  section: 'Tools',
  definition:
    '95th percentile of the time that tool calls took, exact and continuous; waiting for a person is left out.',
  unit: 'ms',
  better: 'lower',
  value: plain(toolCalls.p95_tool_ms),
});

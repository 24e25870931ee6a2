import { share } from '../formula.js';
import { toolCalls } from '../bases/tool-calls.js';
import { metric } from '../metric.js';

export default metric({
  id: 'tool_failure_rate',
  title: 'Tool failure rate',
  section: 'Tools',
  definition: 'Share of the ended tool calls that failed. One has ended if its outcome is known.',
  unit: 'ratio',
  better: 'lower',
  value: share(toolCalls.failed_tool_calls, toolCalls.ended_tool_calls),
});

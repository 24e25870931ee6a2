import { share } from '../formula.js';
import { toolCalls } from '../bases/tool-calls.js';
import { metric } from '../metric.js';

export default metric({
  id: 'tool_rejection_rate',
  title: 'Tool rejection rate',
  section: 'Tools',
  definition: 'Share of the ended tool calls that were rejected, by a person or by a rule.',
  unit: 'ratio',
  better: 'lower',
  value: share(toolCalls.rejected_tool_calls, toolCalls.ended_tool_calls),
});

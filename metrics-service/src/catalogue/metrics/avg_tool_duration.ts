import { ratio } from '../formula.js';
import { toolCalls } from '../bases/tool-calls.js';
import { metric } from '../metric.js';

export default metric({
  id: 'avg_tool_duration',
  title: 'Average tool duration',
  section: 'Tools',
  definition: 'Mean time that tool calls took, where it is known; waiting for a person is left out.',
  unit: 'ms',
  better: 'lower',
  value: ratio(toolCalls.tool_ms, toolCalls.tool_calls_with_duration),
});

import { plain } from '../formula.js';
import { toolCalls } from '../bases/tool-calls.js';
import { metric } from '../metric.js';

export default metric({
  id: 'tool_calls',
  title: 'Tool calls',
  section: 'Tools',
  definition: 'Tool calls that started in the window.',
  unit: 'calls',
  better: 'neither',
  value: plain(toolCalls.tool_calls),
});

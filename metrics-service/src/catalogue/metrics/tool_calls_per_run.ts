import { perRun } from '../formula.js';
import { runs } from '../bases/runs.js';
import { toolCalls } from '../bases/tool-calls.js';
import { metric } from '../metric.js';

export default metric({
  id: 'tool_calls_per_run',
  title: 'Tool calls per run',
  section: 'Tools',
  definition: 'Tool calls ÷ runs. A tool’s calls are divided by all runs, those without it included.',
  unit: 'calls',
  better: 'neither',
  value: perRun(toolCalls.tool_calls, runs.runs),
});

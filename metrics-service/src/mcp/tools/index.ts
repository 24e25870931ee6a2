import type { Tool } from '../tool.js';
import { agentRecord } from './agent-record.js';
import { compare } from './compare.js';
import { dataQuality } from './data-quality.js';
import { failures } from './failures.js';
import { findings } from './findings.js';
import { listMetrics } from './list-metrics.js';
import { query } from './query.js';
import { recentRuns } from './recent-runs.js';
import { session } from './session.js';
import { workItemCost } from './work-item-cost.js';

/** The tools. Adding one: its file, and its name here. */
export const TOOLS: readonly Tool[] = [
  listMetrics,
  query,
  recentRuns,
  failures,
  session,
  dataQuality,
  findings,
  agentRecord,
  workItemCost,
  compare,
];

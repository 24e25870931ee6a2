import { series } from './series.js';
import { activity } from './activity.js';
import { annotations } from './annotations.js';
import { budgetHistory } from './budget-history.js';
import { budgets } from './budgets.js';
import { contrast } from './contrast.js';
import { dataQuality } from './data-quality.js';
import { distribution } from './distribution.js';
import { escalations } from './escalations.js';
import { files } from './files.js';
import { findings } from './findings.js';
import { handoffs } from './handoffs.js';
import { headline } from './headline.js';
import { live } from './live.js';
import { punchcard } from './punchcard.js';
import { runs } from './runs.js';
import { session } from './session.js';
import { sessions } from './sessions.js';
import { table } from './table.js';
import { timeline } from './timeline.js';
import { toolCalls } from './tool-calls.js';
import { total } from './total.js';
import { unlinkedSessions } from './unlinked-sessions.js';
import { workItem } from './work-item.js';
import { workItems } from './work-items.js';
import type { View } from './view.js';

/** All views. To add one: its file, and its name here. */
export const VIEWS: readonly View[] = [
  total,
  series,
  table,
  sessions,
  session,
  runs,
  handoffs,
  activity,
  timeline,
  annotations,
  dataQuality,
  headline,
  findings,
  workItems,
  workItem,
  unlinkedSessions,
  escalations,
  toolCalls,
  files,
  live,
  contrast,
  distribution,
  punchcard,
  budgets,
  budgetHistory,
];

const BY_NAME = new Map(VIEWS.map((view) => [view.name, view]));

/** The view of that name, or undefined. */
export function findView(name: string): View | undefined {
  return BY_NAME.get(name);
}

import { usdOf } from '../catalogue/exact.js';
import type { Frame } from '../contract/frames.js';
import { isStorable } from '../contract/values.js';
import type { Asker } from '../access/viewer.js';
import type { Database } from '../db/database.js';
import { inSnapshot, type QuestionContext } from './context.js';
import { dimensionOf } from './filters.js';
import { wireFrame } from './frames.js';
import { countersOfRun } from './statements/counter-columns.js';
import type { ListColumn, ListRow } from './statements/list.js';
import { LIVE_COLUMNS, liveListStatement } from './statements/live-list.js';
import { modelsOfRunStatement, oneRunStatement, phasesOfRunStatement } from './statements/one-run.js';
import { RUN_COLUMNS } from './statements/runs-list.js';
import { listColumns } from './views/list.js';

/** One run in detail. Durations are milliseconds, money is US dollars, null is unknown. */
export interface RunDetail {
  /** the run's row in the view `runs` */
  readonly frame: Frame;
  /** of a run that is queued or in flight what it does now, as the view `live` has it; else null */
  readonly now: Frame | null;
  /** the organization's time zone */
  readonly timezone: string;
  /** the last reported phase */
  readonly phase: string | null;
  /** when its session was first heard of, epoch ms */
  readonly sessionFrom: number | null;
  /** longest first; `share` of the run's duration */
  readonly phases: readonly { name: string; duration: number; share: number | null }[];
  /** they add up to the run; `calls` is null if only sums were reported */
  readonly models: readonly {
    model: string | null;
    calls: number | null;
    input_tokens: number | null;
    output_tokens: number | null;
    total_cost: number | null;
  }[];
}

/** The run of that id, at any time; null if there is none. `now` is epoch ms. */
export async function answerRun(
  database: Database,
  asker: Asker,
  { runId, now }: { runId: string; now: number },
): Promise<RunDetail | null> {
  if (!isStorable(runId)) return null;
  return inSnapshot(database, asker, { now }, async (snapshot) => {
    const context = snapshot.question();
    const { orgId, settings } = context;
    const [row] = await context.ask(oneRunStatement(orgId, runId));
    if (!row) return null;
    const phases = await context.ask(phasesOfRunStatement(orgId, runId));
    const models = await context.ask(modelsOfRunStatement(orgId, runId));
    const priced = models.map(({ cost_nanos: nanos, ...model }) => ({
      ...model,
      total_cost: usdOf(nanos as string | null),
    }));
    return {
      frame: tableOf([...RUN_COLUMNS, ...countersOfRun(row)], row),
      now: await nowOf(context, runId),
      timezone: settings.timezone,
      phase: row.phase as string | null,
      sessionFrom: row.session_from as number | null,
      phases: phases as unknown as RunDetail['phases'],
      models: priced as unknown as RunDetail['models'],
    };
  });
}

const OF_NOW = ['state', 'last_heard_at', 'phase', 'activity', 'step', 'steps', 'context_use'];

async function nowOf({ ask, orgId, now, settings }: QuestionContext, runId: string): Promise<Frame | null> {
  const thisRun = { dimension: dimensionOf('run'), values: [runId], none: false, negated: false };
  const page = { order: LIVE_COLUMNS[0]!, direction: 'asc', limit: 1, offset: 0 } as const;
  const moment = { now, stuckAfterMs: settings.stuckAfterMs };
  const [row] = await ask(liveListStatement(orgId, { filters: [thisRun] }, page, moment));
  const columns = LIVE_COLUMNS.filter(({ name }) => OF_NOW.includes(name));
  return row ? tableOf(columns, row) : null;
}

function tableOf(columns: readonly ListColumn[], row: ListRow): Frame {
  return wireFrame('A', { type: 'table', columns: listColumns(columns, [row]) }, {});
}

import { usdOf } from '../catalogue/exact.js';
import type { Frame } from '../contract/frames.js';
import { isStorable } from '../contract/values.js';
import type { Asker } from '../access/viewer.js';
import type { Database } from '../db/database.js';
import { inSnapshot } from './context.js';
import { wireFrame } from './frames.js';
import { countersOfRun } from './statements/counter-columns.js';
import { modelsOfRunStatement, oneRunStatement, phasesOfRunStatement } from './statements/one-run.js';
import { RUN_COLUMNS } from './statements/runs-list.js';
import { listColumns } from './views/list.js';

/** One run in detail. Durations are milliseconds, money is US dollars, null is unknown. */
export interface RunDetail {
  /** the run's row in the view `runs` */
  readonly frame: Frame;
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
      frame: wireFrame(
        'A',
        { type: 'table', columns: listColumns([...RUN_COLUMNS, ...countersOfRun(row)], [row]) },
        {},
      ),
      timezone: settings.timezone,
      phase: row.phase as string | null,
      sessionFrom: row.session_from as number | null,
      phases: phases as unknown as RunDetail['phases'],
      models: priced as unknown as RunDetail['models'],
    };
  });
}

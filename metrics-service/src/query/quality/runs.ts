import { NONE } from '../../contract/query.js';
import type { QuestionContext } from '../context.js';
import type { Rows } from '../rows.js';
import { runQualityStatement } from '../statements/run-quality.js';
import { DAY_MS, type Finding } from './finding.js';

const CHECKS = [
  {
    check: 'runs_without_user',
    title: 'Runs without a user',
    remedy: 'send userId with runs or sessions; of transcripts: `runboard import claude-code --user ann@example.com`',
    shows: { user: [NONE] },
  },
  {
    check: 'runs_without_price',
    title: 'Runs without a known cost',
    remedy:
      'add the prices of models without one, or send usage or costUsd; `runboard query cost_coverage --by runtime` says whose they are',
    shows: null,
  },
  {
    check: 'runs_without_end',
    title: 'Runs without an end after a day',
    remedy: 'send run.completed; of transcripts, `runboard import claude-code` reads how they ended',
    shows: { status: ['IN_FLIGHT'] },
  },
] as const;

/** Runs of the window about which something is missing. */
export async function runFindings(context: QuestionContext, rows: Rows): Promise<Finding[]> {
  const statement = runQualityStatement(context.orgId, rows, context.now - DAY_MS);
  const [row = {}] = await context.ask(statement);
  return CHECKS.map((one) => ({
    ...one,
    count: Number(row[one.check] ?? 0),
    since: (row[`${one.check}_since`] ?? null) as number | null,
    names: [],
  }));
}

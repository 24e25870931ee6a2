import { NONE } from '../../contract/query.js';
import type { QuestionContext } from '../context.js';
import type { Rows } from '../rows.js';
import { runQualityStatement } from '../statements/run-quality.js';
import { DAY_MS, type Finding } from './finding.js';
import { commandFor } from './words.js';

type Told = (command: string) => string;

const CHECKS = [
  {
    check: 'runs_without_user',
    title: 'Runs without a user',
    remedy: (told: Told) =>
      `send userId with runs or sessions; of transcripts: ${told('import claude-code --user ann@example.com')}`,
    shows: { user: [NONE] },
  },
  {
    check: 'runs_without_price',
    title: 'Runs without a known cost',
    remedy: (told: Told) =>
      `add the prices of models without one, or send usage or costUsd; ${told('query cost_coverage --by runtime')} says whose they are`,
    shows: null,
  },
  {
    check: 'runs_without_end',
    title: 'Runs without an end after a day',
    remedy: (told: Told) => `send run.completed; of transcripts, ${told('import claude-code')} reads how they ended`,
    shows: { status: ['IN_FLIGHT'] },
  },
] as const;

/** Runs of the window about which something is missing. */
export async function runFindings(context: QuestionContext, rows: Rows): Promise<Finding[]> {
  const statement = runQualityStatement(context.orgId, rows, context.now - DAY_MS);
  const [row = {}] = await context.ask(statement);
  return CHECKS.map((one) => ({
    ...one,
    remedy: one.remedy((command) => commandFor(context.orgId, command)),
    count: Number(row[one.check] ?? 0),
    since: (row[`${one.check}_since`] ?? null) as number | null,
    names: [],
  }));
}

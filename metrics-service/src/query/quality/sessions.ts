import { NONE } from '../../contract/query.js';
import { runs, runsBase } from '../../catalogue/bases/runs.js';
import { sessions } from '../../catalogue/bases/sessions.js';
import { findDimension, type DimensionName } from '../../catalogue/dimensions.js';
import type { QuestionContext } from '../context.js';
import type { Rows } from '../rows.js';
import { runMeasuresStatement } from '../statements/run-measures.js';
import { sessionMeasuresStatement } from '../statements/session-measures.js';
import type { Finding } from './finding.js';
import { shellWord } from '../../format/shell.js';
import { commandFor } from './words.js';

const without = (dimension: DimensionName) => ({
  dimension: findDimension(dimension)!,
  values: [],
  none: true,
  negated: false,
});

/** Active sessions of which nobody said what repository they work on, or, where others say so, what work item. */
export async function sessionFindings(context: QuestionContext, rows: Rows): Promise<Finding[]> {
  const told = (command: string) => commandFor(context.orgId, command);
  return [
    {
      check: 'sessions_without_repository',
      title: 'Sessions without a repository',
      count: await countWithout(context, rows, 'repo'),
      since: null,
      names: [],
      remedy: `send repo with session.created; of transcripts whose folder is gone: ${told('import claude-code PATH --repo acme/shop')}`,
      shows: { repo: [NONE] },
    },
    {
      check: 'sessions_without_work_item',
      title: 'Sessions without a work item',
      count: (await usesWorkItems(context, rows)) ? await countWithout(context, rows, 'work_item') : 0,
      since: null,
      names: [],
      remedy: `link them: ${told('work-item list --unlinked')}, ${told('work-item link SESSION ITEM')}; or by their branches: \`runboard org update ${shellWord(context.orgId)} --work-item-pattern PATTERN\``,
      shows: { work_item: [NONE] },
    },
  ];
}

async function countWithout(context: QuestionContext, rows: Rows, dimension: DimensionName): Promise<number> {
  const measure = sessions.active_sessions;
  const of = { ...rows, filters: [...rows.filters, without(dimension)] };
  const aggregation = { measures: [measure], groups: [], rows: of, cut: cutOf(rows) };
  const [row] = await context.ask(sessionMeasuresStatement(context.orgId, aggregation));
  return Number(row?.[measure.name] ?? 0);
}

/** An organization that links nothing to work items lacks nothing. */
async function usesWorkItems(context: QuestionContext, rows: Rows): Promise<boolean> {
  const measure = runs.work_items;
  const aggregation = { measures: [measure], groups: [], rows, cut: cutOf(rows) };
  const [row] = await context.ask(runMeasuresStatement(context.orgId, runsBase, aggregation));
  return Number(row?.[measure.name] ?? 0) > 0;
}

function cutOf({ window }: Rows) {
  return { slices: [window], whole: false, asked: 'all' } as const;
}

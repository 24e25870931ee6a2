import { NONE } from '../../contract/query.js';
import { sessions } from '../../catalogue/bases/sessions.js';
import { findDimension } from '../../catalogue/dimensions.js';
import type { QuestionContext } from '../context.js';
import type { Rows } from '../rows.js';
import { sessionMeasuresStatement } from '../statements/session-measures.js';
import type { Finding } from './finding.js';

const WITHOUT = { dimension: findDimension('repo')!, values: [], none: true, negated: false };

/** Active sessions of which nobody said what repository they work on. */
export async function sessionFindings(context: QuestionContext, rows: Rows): Promise<Finding[]> {
  const measure = sessions.active_sessions;
  const cut = { slices: [rows.window], whole: false, asked: 'all' } as const;
  const of = { ...rows, filters: [...rows.filters, WITHOUT] };
  const statement = sessionMeasuresStatement(context.orgId, { measures: [measure], groups: [], rows: of, cut });
  const [row] = await context.ask(statement);
  return [
    {
      check: 'sessions_without_repository',
      title: 'Sessions without a repository',
      count: Number(row?.[measure.name] ?? 0),
      since: null,
      names: [],
      remedy:
        'send repo with session.created; of transcripts whose folder is gone: `runboard import claude-code PATH --repo acme/shop`',
      shows: { repo: [NONE] },
    },
  ];
}

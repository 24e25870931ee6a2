import { Draft, lines, type Statement } from '../sql/statement.js';
import { eachOnce } from './dimension-values.js';

/** The persons, `person`, with a record, or named by a session or by a run that has not started. */
export function knownPeopleStatement(orgId: string): Statement {
  const draft = new Draft(orgId);
  const body = lines(
    'select distinct coalesce(pe.person_id, named.user_id) as person',
    'from (',
    `  select user_id from ${draft.table('users')} where org_id = $1`,
    '  union',
    `  select created_by_user_id from (\n${eachOnce('created_by_user_id', draft.table('sessions'))}\n) created`,
    '  union',
    `  select user_id from ${draft.table('runs')} where org_id = $1 and not hidden and started_at is null`,
    ') named',
    `left join ${draft.table('persons')} pe on pe.org_id = $1 and pe.user_id = named.user_id`,
    'where named.user_id is not null',
  );
  return draft.statement(body);
}

import { Draft, lines, type Statement } from '../sql/statement.js';
import { milliseconds } from './list.js';

/** Valid tokens that end within `soonMs` and were made for longer than that, the first to end first. */
export function endingTokensStatement(orgId: string, nowMs: number, soonMs: number): Statement {
  const draft = new Draft(orgId);
  const soon = `${draft.bind(soonMs, 'bigint')} * interval '1 millisecond'`;
  const now = draft.instant(nowMs);
  const body = lines(
    'select',
    '  t.name collate "C" as name,',
    `  array_to_string(t.scopes, ' ') as scopes,`,
    `  ${milliseconds('t.expires_at')} as expires_at`,
    `from ${draft.table('tokens')} t`,
    'where t.org_id = $1',
    '  and t.revoked_at is null',
    `  and t.expires_at > ${now}`,
    `  and t.expires_at <= ${now} + ${soon}`,
    `  and t.expires_at - t.created_at > ${soon}`,
    'order by t.expires_at, t.token_id',
  );
  return draft.statement(body);
}

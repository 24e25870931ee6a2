import type pg from 'pg';

const isUser = (column: string): string => `${column} = any($2::text[])`;
const inSeenSession = (row: string): string => `exists (
  select from sessions s
  where s.org_id = $1 and s.session_id = ${row}.session_id and ${isUser('s.created_by_user_id')})`;
const isSeen = (row: string): string => `(${isUser(`${row}.user_id`)} or ${inSeenSession(row)})`;
/** The row's user is the person `o`, under whatever id. */
const IS_THEIRS = `(t.user_id = o.user_id or exists (
  select from persons pe where pe.org_id = $1 and pe.user_id = t.user_id and pe.person_id = o.user_id))`;
const inSeenRow = (link: string, tables = ['runs', 'messages', 'handoffs']): string =>
  tables
    .map((name) => `exists (select from ${name} t where t.org_id = $1 and not t.hidden and ${link} and ${isSeen('t')})`)
    .join(' or ');

/** The run that an escalation names, or that it was merged into. */
const RUN_MEANT = `coalesce((select n.one_with from runs n where n.org_id = $1 and n.run_id = o.run_id), o.run_id)`;

/** Per table, which of its rows `o` somebody sees who may see what the users in $2 did in the organization $1. */
const SEEN: Record<string, string> = {
  users: `${isUser('o.user_id')} or ${inSeenRow(IS_THEIRS)}`,
  sessions: `${isUser('o.created_by_user_id')} or ${inSeenRow('t.session_id = o.session_id')}`,
  messages: isSeen('o'),
  handoffs: isSeen('o'),
  runs: isSeen('o'),
  run_models: `exists (select from runs t where t.org_id = $1 and t.run_id = o.run_id and ${isSeen('t')})`,
  llm_calls: `case
    when o.run_id is null then ${inSeenSession('o')}
    else exists (select from runs t where t.org_id = $1 and t.run_id = o.run_id and ${isSeen('t')}) end`,
  work_items: `exists (
    select from runs t
    left join sessions s on s.org_id = $1 and s.session_id = t.session_id
    where t.org_id = $1 and not t.hidden and ${isSeen('t')}
      and coalesce(t.work_item_id, s.work_item_id, s.branch_work_item_id) = o.work_item_id)`,
  escalations: `case
    when exists (select from runs t where t.org_id = $1 and t.run_id = o.run_id)
      then exists (select from runs t where t.org_id = $1 and t.run_id = ${RUN_MEANT} and ${isSeen('t')})
    else ${inSeenSession('o')} end`,
  tool_calls: `case
    when exists (select from runs t where t.org_id = $1 and t.run_id = o.run_id)
      then exists (select from runs t where t.org_id = $1 and t.run_id = o.run_id and ${isSeen('t')})
    else ${inSeenSession('o')} end`,
  persons: 'true',
  ingest_state: 'cardinality($2::text[]) > 0',
  budgets: 'o.budget_id = any($4::text[])',
};

/**
 * Copies into the organization `twin` what of `orgId` somebody sees who may see what these users did and these budgets, and
 * nothing else: asked as a whole, it has to answer what `orgId` answers to that viewer.
 */
export async function makeTwin(
  owner: pg.Client,
  { orgId, twin, persons, budgets }: { orgId: string; twin: string; persons: string[]; budgets: string[] },
): Promise<void> {
  const others = await owner.query<{ user_id: string }>(
    'select user_id from persons where org_id = $1 and person_id = any($2::text[])',
    [orgId, persons],
  );
  const userIds = [...persons, ...others.rows.map(({ user_id }) => user_id)];
  for (const [table, condition] of Object.entries(SEEN)) {
    const columns = await columnsOf(owner, table);
    const values = columns.map((column) => {
      if (table === 'escalations' && column === 'run_id') return RUN_MEANT;
      return column === 'created_by_user_id'
        ? `case when ${isUser(`o.${column}`)} then o.${column} end`
        : `o.${column}`;
    });
    if (table === 'ingest_state') await owner.query(`delete from ingest_state where org_id = $1`, [twin]);
    await owner.query(
      `insert into ${table} (org_id, ${columns.join(', ')})
       select $3, ${values.join(', ')} from ${table} o where o.org_id = $1 and (${condition})
         and $2::text[] is not null and $4::text[] is not null`,
      [orgId, userIds, twin, budgets],
    );
  }
}

const known = new Map<string, string[]>();

async function columnsOf(owner: pg.Client, table: string): Promise<string[]> {
  const found = known.get(table);
  if (found) return found;
  const { rows } = await owner.query<{ column_name: string }>(
    `select column_name from information_schema.columns where table_name = $1 and column_name <> 'org_id' and is_generated = 'NEVER'`,
    [table],
  );
  const names = rows.map(({ column_name }) => column_name);
  known.set(table, names);
  return names;
}

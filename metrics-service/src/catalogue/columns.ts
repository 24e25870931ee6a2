/**
 * The table aliases of every statement: r run, p part of a run by model, ph phase of a run, n number that a run counted,
 * a activity of a session in the window, s session, pe maps an alias id to the person's id, u that person, rn the new
 * name of a renamed repository, ck the local clock when a run started, fr the run's agent and fp its user's person if
 * they are new in the window, wi the work item that a run is about.
 */
export type Alias = 'r' | 'p' | 'ph' | 'n' | 'a' | 's' | 'pe' | 'u' | 'rn' | 'ck' | 'fr' | 'fp' | 'wi';
export type Column = `${Alias}.${string}`;

/** A piece of SQL with the columns it reads, so that a statement knows which tables to join. */
export interface Expression {
  readonly sql: string;
  readonly columns: readonly Column[];
}

/** A column as it is. */
export function column(name: Column): Expression {
  return { sql: name, columns: [name] };
}

/** The person behind a user id: a person may have several ids. */
export function personOf(userId: Column): Expression {
  return { sql: `coalesce(pe.person_id, ${userId})`, columns: ['pe.person_id', userId] };
}

/** From a run's start to its end: what the agent spent of it, and what it waited. */
export const DURATION: Expression = {
  sql: '(r.execution_ms + coalesce(r.await_ms, 0))',
  columns: ['r.execution_ms', 'r.await_ms'],
};

/** The work item that a run is about: its own, else its session's, else the one that the branch names. */
export const WORK_ITEM: Expression = {
  sql: 'coalesce(r.work_item_id, s.work_item_id, s.branch_work_item_id)',
  columns: ['r.work_item_id', 's.work_item_id', 's.branch_work_item_id'],
};

/** What a run was for: its own stage, else its session's. */
export const STAGE: Expression = { sql: 'coalesce(r.stage, s.stage)', columns: ['r.stage', 's.stage'] };

/** The current name of a session's repository. */
export const REPO: Expression = { sql: 'coalesce(rn.name, s.repo)', columns: ['rn.name', 's.repo'] };

/** The same for people; null for services, which never count as users. */
export function humanOf(userId: Column): Expression {
  const { sql, columns } = personOf(userId);
  return { sql: `case when u.kind is distinct from 'service' then ${sql} end`, columns: [...columns, 'u.kind'] };
}

export function aliasOf(name: Column): Alias {
  return name.slice(0, name.indexOf('.')) as Alias;
}

export function is(name: Column, value: string): Expression {
  return { sql: `${name} = '${value}'`, columns: [name] };
}

export function isNot(name: Column, value: string): Expression {
  return { sql: `${name} <> '${value}'`, columns: [name] };
}

export function isOneOf(name: Column, values: readonly string[]): Expression {
  return { sql: `${name} in (${values.map((value) => `'${value}'`).join(', ')})`, columns: [name] };
}

export function isKnown(name: Column): Expression {
  return { sql: `${name} is not null`, columns: [name] };
}

export function isUnknown(name: Column): Expression {
  return { sql: `${name} is null`, columns: [name] };
}

export function isTrue(name: Column): Expression {
  return { sql: name, columns: [name] };
}

export function isFalse(name: Column): Expression {
  return { sql: `not ${name}`, columns: [name] };
}

export function allOf(...conditions: readonly Expression[]): Expression {
  return {
    sql: conditions.map(({ sql }) => sql).join(' and '),
    columns: [...new Set(conditions.flatMap(({ columns }) => columns))],
  };
}

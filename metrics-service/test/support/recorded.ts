import type { Database, Transaction } from '../../src/db/database.js';
import type { Pools } from '../../src/db/pools.js';

/** Notes the text of every statement that questions and exports ask from now on, in the list that it answers. */
export function recorded(pools: Pools): string[] {
  const statements: string[] = [];
  for (const database of [pools.questions, pools.exports]) note(database, statements);
  return statements;
}

function note(database: Database, statements: string[]): void {
  const inOrganization = database.inOrganization.bind(database);
  database.inOrganization = (orgId, work, options) =>
    inOrganization(orgId, (tx) => work(noted(tx, statements)), options);
}

function noted(tx: Transaction, statements: string[]): Transaction {
  return {
    orgId: tx.orgId,
    query: (sql, values, options) => {
      statements.push(sql);
      return tx.query(sql, values, options);
    },
    write: (sql, values) => tx.write(sql, values),
    attempt: (work) => tx.attempt(work),
    planAnew: () => tx.planAnew(),
  };
}

import type { Database, Transaction } from '../db/database.js';

/** The database, with the total time of its statements. */
export function timedDatabase(database: Database): { database: Database; ms(): number } {
  let spent = 0;
  let answeredAt = 0;
  const timed: Database = {
    ...database,
    inOrganization: (orgId, work, options) =>
      database.inOrganization(
        orgId,
        (tx) => {
          const query: Transaction['query'] = async (sql, values, options) => {
            const asked = performance.now();
            try {
              return await tx.query(sql, values, options);
            } finally {
              const now = performance.now();
              // several are asked at once, and answered one after the other
              spent += now - Math.max(asked, answeredAt);
              answeredAt = now;
            }
          };
          return work({
            orgId,
            query,
            write: (sql, values) => tx.write(sql, values),
            planAnew: () => tx.planAnew(),
            attempt: (asked) => tx.attempt(asked),
          });
        },
        options,
      ),
  };
  return { database: timed, ms: () => spent };
}

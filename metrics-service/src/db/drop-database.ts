import pg from 'pg';

const INSUFFICIENT_PRIVILEGE = '42501';

/** Drops a database of ours and ends its connections. `admin` is connected to another database, as the owner. */
export async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  try {
    await admin.query(`drop database ${name} with (force)`);
  } catch (error) {
    // an autovacuum worker belongs to the superuser: only a drop without force asks it to leave
    if (!(error instanceof pg.DatabaseError) || error.code !== INSUFFICIENT_PRIVILEGE) throw error;
    await admin.query(`drop database ${name}`);
  }
}

import pg from 'pg';

export default async function globalTeardown() {
  const client = new pg.Client({ connectionString: process.env.RUNBOARD_TEST_OWNER_URL });
  await client.connect();
  await client.query(`drop database if exists ${process.env.RUNBOARD_TEST_TEMPLATE} with (force)`);
  await client.end();
}

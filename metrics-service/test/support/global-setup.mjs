import pg from 'pg';
// jest loads this file as it is, so that it takes the built service
import { migrate } from '../../dist/db/migrate.js';

const TEMPLATE = `runboard_template_${process.pid}`;

/** Starts a PostgreSQL (or takes the one of TEST_DATABASE_URL) and migrates a template for the tests' databases. */
export default async function globalSetup() {
  const ownerUrl = process.env.TEST_DATABASE_URL;
  if (!ownerUrl) throw new Error('TEST_DATABASE_URL');
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const template = new URL(ownerUrl);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.href);
  process.env.RUNBOARD_TEST_OWNER_URL = ownerUrl;
  process.env.RUNBOARD_TEST_TEMPLATE = TEMPLATE;
}

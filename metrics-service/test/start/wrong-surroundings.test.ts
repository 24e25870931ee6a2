import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { runboard } from '../support/command.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

describe.each(['start', 'serve'])('runboard %s, where something is wrong', (command) => {
  it.each([
    ['PORT', '80a', /PORT is "80a", but must be a port/],
    ['PORT', '70000', /PORT is "70000"/],
    ['HOST', 'no host', /HOST is "no host"/],
    ['HOST', '203.0.113.7', /HOST is 203\.0\.113\.7, which is no address of this machine/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL is "loud", but must be one of fatal/],
    ['DATABASE_URL', 'mysql://u:secret@h/d', /DATABASE_URL is .*, but must be postgres:/],
    ['DATABASE_URL', 'postgres://u:secret@127.0.0.1:1/d', /127\.0\.0\.1:1\/d does not answer/],
    ['RUNBOARD_PRICES', '/nowhere/prices.json', /RUNBOARD_PRICES: price file \/nowhere\/prices\.json/],
  ])('says in one line what %s=%s is', async (name, value, expected) => {
    const environment = { PORT: '0', DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d', [name]: value };
    const { code, stdout, stderr } = await runboard([command], environment);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(expected);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    expect(stderr).not.toContain('secret');
  });
});

describe('a database of a newer version', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`insert into pgmigrations (name, run_on) values ('9999_from_the_future', now())`);
    await client.end();
  });
  afterAll(() => database.drop());

  it.each(['start', 'serve', 'migrate'])('is refused by %s in one line', async (command) => {
    const { code, stderr } = await runboard([command], { PORT: '0', DATABASE_URL: database.url });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^runboard: the database was migrated by a newer version .*9999_from_the_future.*\n$/);
  });
});

import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { jest } from './lib/jest.mjs';
import { checkNode } from './lib/node-version.mjs';
import { main, Stop } from './lib/say.mjs';

// npm run schema: writes metrics-service/schema.sql anew, from a database that the migrations made
main(async () => {
  checkNode();
  await install('metrics-service');
  await build();
  process.env.UPDATE_SCHEMA = '1';
  const { failed } = await jest('metrics-service', ['test/db/schema.test.ts']);
  if (failed > 0) throw new Stop('The schema could not be written: the test says why above.');
});

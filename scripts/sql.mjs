import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { jest } from './lib/jest.mjs';
import { checkNode } from './lib/node-version.mjs';
import { main, Stop } from './lib/say.mjs';

// npm run sql: writes metrics-service/test/query/sql anew: the statements of representative questions
main(async () => {
  checkNode();
  await install('metrics-service');
  await build();
  process.env.UPDATE_SQL = '1';
  const { failed } = await jest('metrics-service', ['test/query/sql.test.ts']);
  if (failed > 0) throw new Stop('The statements could not be written: the test says why above.');
});

import { install } from './lib/install.mjs';
import { checkNode } from './lib/node-version.mjs';
import { runNpm } from './lib/run.mjs';
import { main } from './lib/say.mjs';

// npm run package | generate: a script of a workspace, with everything installed
main(async () => {
  checkNode();
  await install();
  const [workspace, script, ...args] = process.argv.slice(2);
  const { code } = await runNpm(['run', script, '--workspace', workspace, '--', ...args]);
  process.exitCode = code;
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { main, ROOT, say } from './lib/run.mjs';

// npm's `prepare` of the service. An installation without development dependencies comes with its dist; a build that
// fails must not undo an installation: whoever needs it builds again, and hears of it.
main(async () => {
  if (existsSync(join(ROOT, 'node_modules/typescript'))) await build().catch((error) => say(error.message));
});

import { main } from './lib/run.mjs';
import { runboard } from './lib/runboard.mjs';

// npx runboard …: the command line, built if needed
main(() => runboard(process.argv.slice(2)));

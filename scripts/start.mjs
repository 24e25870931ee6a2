import { main } from './lib/say.mjs';
import { runboard } from './lib/service.mjs';

// npm start: everything that a fresh clone lacks, then `runboard start`
main(() => runboard(['start', ...process.argv.slice(2)]));

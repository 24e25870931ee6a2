import { main } from './lib/say.mjs';
import { runboard } from './lib/service.mjs';

// npm run runboard -- …: the command line, built if needed
main(() => runboard(process.argv.slice(2)));

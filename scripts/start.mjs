import { endWithParent } from './lib/parent.mjs';
import { main } from './lib/say.mjs';
import { runboard } from './lib/service.mjs';

// npm start: everything that a fresh clone lacks, then `runboard start`. package.json has the shell `exec` it, so that
// signals to npm arrive here (cmd.exe, which knows no exec, goes on to the plain command).
endWithParent();
main(() => runboard(['start', ...process.argv.slice(2)]));

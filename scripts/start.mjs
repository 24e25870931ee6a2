import { main } from './lib/run.mjs';
import { runboard } from './lib/runboard.mjs';

const LOOK_EVERY_MS = 250;

// npm start: everything that a fresh clone lacks, then `runboard start`. package.json has the shell `exec` it, so that
// signals to npm arrive here (cmd.exe, which knows no exec, goes on to the plain command).
if (process.env.npm_lifecycle_event !== undefined) endWithParent();
main(() => runboard(['start', ...process.argv.slice(2)]));

/** A killed npm tells nobody: its program would live on unseen. The end of the parent counts as SIGTERM. */
function endWithParent() {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  looking.unref();
}

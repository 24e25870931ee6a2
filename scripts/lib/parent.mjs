const LOOK_EVERY_MS = 250;

/** A killed npm tells nobody: its program would live on unseen. Under npm, the end of the parent counts as SIGTERM. */
export function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  looking.unref();
}

import { spawnGuard } from '../../guard.js';

export interface Guard {
  /** the database was stopped cleanly: there is nothing left to guard */
  dismiss(): void;
}

/** Waits for the end of its input, which comes however the service ends, then stops the database. */
const SCRIPT = `
read -r _
kill -INT "$1"
if [ -n "$2" ]; then
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2>/dev/null || break; sleep 1; done
  rm -rf "$2"
fi`;

/** A service killed with -9 cannot stop its database: this small process of its own does it then. */
export function guard(pid: number, temporaryFolder = ''): Guard {
  const child = spawnGuard(SCRIPT, String(pid), temporaryFolder);
  return { dismiss: () => void child.kill('SIGKILL') };
}

import { createServer, type AddressInfo } from 'node:net';
import { Failure } from '../../failure.js';

const FIRST = 3_000;
const ATTEMPTS = 100;

/** GRAFANA_PORT, by default 3000 or the next free port. @throws Failure if none is free */
export async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    return freePort(wanted).catch((error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'taken' : error.code === 'EACCES' ? 'not allowed for this user' : error.message;
      throw new Failure(`port ${wanted} is ${why}: choose another with GRAFANA_PORT`, { cause: error });
    });
  }
  for (let port = FIRST; port < FIRST + ATTEMPTS; port++) {
    const free = await freePort(port).catch(() => null);
    if (free !== null) return free;
  }
  throw new Failure(`no free port was found from ${FIRST} on: choose one with GRAFANA_PORT`);
}

/** The port (0: any). @throws Error if it cannot be used on 127.0.0.1 */
function freePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
}

import { createServer, type AddressInfo } from 'node:net';
import { Failure } from '../../failure.js';

const FIRST = 3_000;
const ATTEMPTS = 100;

/** GRAFANA_PORT if it is free, without one 3000 or the next that is. @throws Failure */
export async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    const port = await freePort(wanted);
    if (port !== null) return port;
    throw new Failure(`port ${wanted} is taken: choose another one with GRAFANA_PORT`);
  }
  for (let port = FIRST; port < FIRST + ATTEMPTS; port++) if ((await freePort(port)) !== null) return port;
  throw new Failure(`the ports from ${FIRST} on are taken: choose one with GRAFANA_PORT`);
}

/** The port (0: any) if nobody listens there on 127.0.0.1; null: it is taken. */
function freePort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
}

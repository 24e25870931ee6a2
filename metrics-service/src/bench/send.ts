import { Agent, request } from 'node:http';
import type { BenchService } from './service.js';

interface Target {
  readonly path: string;
  readonly contentType: string;
}

export const EVENTS: Target = { path: '/v1/events', contentType: 'application/json' };

/** Posts bodies to /v1/events, or elsewhere, so many at a time; `onSent` is called with the number sent so far. */
export async function sendBodies(
  service: BenchService,
  bodies: Iterator<Buffer>,
  { senders, onSent = () => {}, to = EVENTS }: { senders: number; onSent?: (bodies: number) => void; to?: Target },
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: senders });
  let sent = 0;
  const sender = async (): Promise<void> => {
    for (let next = bodies.next(); !next.done; next = bodies.next()) {
      await post(service, agent, to, next.value);
      onSent((sent += 1));
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  agent.destroy();
}

/** @throws Error if it is not answered 200 */
export function post(
  { url, token }: BenchService,
  agent: Agent,
  { path, contentType }: Target,
  body: Buffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': contentType,
      'content-length': body.length,
    };
    const sent = request(url + path, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the service answered ${response.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

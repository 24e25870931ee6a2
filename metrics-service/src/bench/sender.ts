import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { benchBodies } from './events.js';

/** A worker that sends the benchmark's events over `senders` connections; it stands for the outside. */
export interface SenderOptions {
  address: string;
  token: string;
  events: number;
  batch: number;
  senders: number;
}

async function send(options: SenderOptions): Promise<void> {
  const bodies = [...benchBodies(options.events, options.batch)].reverse();
  parentPort!.postMessage('ready');
  await new Promise((resolve) => parentPort!.once('message', resolve));
  const agent = new Agent({ keepAlive: true, maxSockets: options.senders });
  const sender = async (): Promise<void> => {
    for (let body = bodies.pop(); body; body = bodies.pop()) await post(options, agent, body);
  };
  await Promise.all(Array.from({ length: options.senders }, sender));
  agent.destroy();
  parentPort!.postMessage('done');
}

function post({ address, token }: SenderOptions, agent: Agent, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sent = request(`${address}/v1/events`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

if (parentPort) void send(workerData as SenderOptions);

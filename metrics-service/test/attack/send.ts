import { request as httpRequest } from 'node:http';
import type { Probe } from './document.js';

/** No single request may take longer, on a machine that does other things, too. */
export const SLOW_MS = 15_000;

/** What came back, as far as it is looked at. */
export interface Answer {
  status: number;
  type: string;
  body: string;
}

export function send(url: string, { method, path, headers, body }: Probe): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = httpRequest({
      hostname,
      port,
      method,
      path,
      headers: { ...length, ...headers },
      timeout: 4 * SLOW_MS,
    });
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      const type = response.headers['content-type'] ?? '';
      const answer = (): void =>
        resolve({ status: response.statusCode!, type, body: Buffer.concat(chunks).toString() });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        // a stream does not end: its beginning is enough
        if (!type.startsWith('text/event-stream') || !String(chunk).includes('data:')) return;
        answer();
        outgoing.destroy();
      });
      response.on('error', reject);
      response.on('end', answer);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer came')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

import { get, type IncomingMessage } from 'node:http';

/** Called with a message's data and when it came, by performance.now(). */
type OnMessage = (data: string, atMs: number) => void;

export interface Reader {
  close(): void;
}

/** Opens a stream of `GET /v1/live`, and resolves with its first message, which is the snapshot. */
export function openReader(url: string, token: string, onMessage: OnMessage = () => {}): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const request = get(`${url}/v1/live?limit=2000`, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`the service answered ${response.statusCode} to a reader`));
        return;
      }
      read(response, (data, atMs) => {
        resolve({ close: () => request.destroy() });
        onMessage(data, atMs);
      });
    });
    request.on('error', reject);
  });
}

function read(response: IncomingMessage, onMessage: OnMessage): void {
  let parts: string[] = [];
  response.setEncoding('utf8');
  response.on('error', () => {});
  response.on('data', (chunk: string) => {
    const atMs = performance.now();
    parts.push(chunk);
    if (!chunk.endsWith('\n\n')) return;
    const messages = parts.join('').split('\n\n');
    parts = [];
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (data) onMessage(data, atMs);
    }
  });
}

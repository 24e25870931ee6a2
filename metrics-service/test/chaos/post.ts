import { type Agent, request } from 'node:http';

const ANSWER_WITHIN_MS = 30_000;

export interface Body {
  type: string;
  text: string;
}

/** Posts with a token. Status null: no answer came. `breaksOff`: the connection ends in the middle of the body. */
export function post(
  url: string,
  token: string,
  { type, text }: Body,
  { agent = false, breaksOff = false }: { agent?: Agent | false; breaksOff?: boolean } = {},
): Promise<{ status: number | null; body: string }> {
  return new Promise((resolve) => {
    const nothing = (): void => resolve({ status: null, body: '' });
    const length = Buffer.byteLength(text);
    const headers = { authorization: `Bearer ${token}`, 'content-type': type, 'content-length': length };
    const sent = request(url, { method: 'POST', agent, headers, timeout: ANSWER_WITHIN_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }));
      // an answer that is cut short is none
      response.once('close', nothing);
    });
    sent.once('timeout', () => sent.destroy());
    sent.once('error', nothing).once('close', nothing);
    if (!breaksOff) return void sent.end(text);
    sent.write(text.slice(0, text.length / 2), () => sent.destroy());
  });
}

import { Agent, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Random } from '../support/random.js';
import type { Receiver } from './sender.js';
import type { Stack } from './stack.js';

/** More than an organization has places for. */
const UNFINISHED = 260;
const AT_ONCE = 10;
const ANSWERED_WITHIN_MS = 15_000;

/** With which it is disturbed: those whose events are counted, and that of an organization of which none is. */
export interface Tokens {
  receivers: Receiver[];
  attacker: string;
}

/** What is done to a running service beside killing it. Each answers what the service should not have done then. */
export const FAULTS: Record<string, (stack: Stack, tokens: Tokens, random: Random) => Promise<string[]>> = {
  'bodies of brackets': async (stack, { receivers, attacker: token }, random) => {
    const unit = random.pick(['{\n', '[', '{"a":', '\n', '[],']);
    const body = gzipSync(unit.repeat(Math.floor((10 * 1024 * 1024) / unit.length)));
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
    };
    const sending = Array.from({ length: AT_ONCE }, () =>
      fetch(`${stack.url}/v1/events`, { method: 'POST', headers, body }).then(
        (response) => response.text(),
        () => '',
      ),
    );
    const wrong = await asked(stack, receivers, random, 'while bodies of brackets came');
    await Promise.all(sending);
    return wrong;
  },

  'unfinished bodies': async (stack, { receivers }, random) => {
    const { token } = random.pick(receivers);
    const agent = new Agent({ maxSockets: Infinity });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const held = Array.from({ length: UNFINISHED }, () => {
      const sending = request(`${stack.url}/v1/events`, { method: 'POST', headers, agent });
      sending.on('error', () => {}).on('response', (response) => response.resume());
      sending.write('[');
      return sending;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const wrong = await asked(stack, [receivers.find((one) => one.token === token)!], random, 'while bodies hung');
    for (const one of held) one.destroy();
    return wrong;
  },

  'a full disk of the log': async (stack, { receivers }, random) => {
    stack.fullLog = true;
    await stack.kill('service', random);
    await stack.ready();
    const wrong = await asked(stack, receivers, random, 'with a full disk of the log');
    stack.fullLog = false;
    return wrong;
  },
};

/**
 * A question that must be answered whatever else happens. A process of PostgreSQL that was killed may take the others
 * with it a moment after the service was ready again: then once more.
 */
async function asked(stack: Stack, receivers: Receiver[], random: Random, when: string): Promise<string[]> {
  const { token } = random.pick(receivers);
  const first = await ask(stack, token, when);
  if (!first.some((what) => what.includes('database_unavailable'))) return first;
  await stack.ready();
  return ask(stack, token, when);
}

async function ask(stack: Stack, token: string, when: string): Promise<string[]> {
  const headers = { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS);
  return fetch(`${stack.url}/v1/me`, { headers, signal }).then(
    async (response) => {
      const text = await response.text();
      return response.ok ? [] : [`${when} a question was answered ${response.status}: ${text}`];
    },
    (error: unknown) => [`${when} a question was not answered: ${String(error)}`],
  );
}

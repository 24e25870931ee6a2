import { z } from 'zod';
import { BadUsage, Failure } from '../../failure.js';
import { printable } from '../../format/values.js';

const problem = z.object({ detail: z.string().optional(), title: z.string().optional() });

/** @throws Failure if no service answers */
export async function send(address: URL, token: string, init: RequestInit): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(address, { ...init, headers }).catch((error: unknown) => {
    const { message, cause } = error as Error & { cause?: Error };
    throw new Failure(`cannot reach a service at ${address.origin} (${cause?.message || message})`, { cause: error });
  });
}

/** The message for an error response of the service. */
export function refusal(url: string, { status, statusText }: Response, answer: unknown): string {
  const said = problem.safeParse(answer).data;
  return `${url} answers ${status}: ${printable(said?.detail ?? said?.title ?? statusText)}`;
}

/** @throws BadUsage */
export function addressOf(url: string, path: string): URL {
  try {
    return new URL(path.slice(1), url.endsWith('/') ? url : `${url}/`);
  } catch (error) {
    throw new BadUsage(`--url must be like http://127.0.0.1:8080, not ${JSON.stringify(url)}`, { cause: error });
  }
}

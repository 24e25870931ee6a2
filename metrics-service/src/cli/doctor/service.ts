import { z } from 'zod';
import { me } from '../../contract/answers.js';
import { printable } from '../../format/values.js';
import { showDuration } from '../../format/numbers.js';
import { VERSION } from '../../version.js';
import { addressOf, send } from '../query/http.js';
import type { Line } from './line.js';

export interface Target {
  readonly url: string;
  readonly token: string | null;
  /** why there is no token, or whose it is */
  readonly said: string | null;
}

const PART = 'service';
const WITHIN_MS = 10_000;
/** The Date header has whole seconds, and an answer takes a moment. */
const CLOCK_OFF_MS = 60_000;
const problem = z.object({ detail: z.string() });
/** Loose, so that a newer service may say more. */
const answer = z.object({ ...me.shape });

/** Whether the service is there, takes the token, and has the same time. */
export async function lookAtService(target: Target, clock: () => number): Promise<Line[]> {
  const { url, token } = target;
  const ready = await get(url, '/ready', '', clock);
  if (typeof ready === 'string') {
    const remedy = 'start it (`npm start`), or say where it is: runboard doctor --url URL --token TOKEN';
    return [{ part: PART, check: 'reachable', state: 'attention', found: ready, remedy }];
  }
  const lines: Line[] = [
    ready.status === 200
      ? { part: PART, check: 'reachable', state: 'ok', found: `${url} answers` }
      : {
          part: PART,
          check: 'reachable',
          state: 'attention',
          found: `${url} answers ${ready.status}: ${detailOf(ready.body)}`,
        },
    clockLine(ready),
  ];
  if (token === null) {
    const found = `no token to ask with${target.said ? `: ${target.said}` : ''}`;
    return [...lines, { part: PART, check: 'token', state: 'unknown', found, remedy: 'runboard doctor --token TOKEN' }];
  }
  return [...lines, ...tokenLines(await get(url, '/v1/me', token, clock), target)];
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
  /** its clock less this one's, in ms; null: it does not say */
  readonly aheadMs: number | null;
}

async function get(url: string, path: string, token: string, clock: () => number): Promise<Reply | string> {
  const beforeMs = clock();
  try {
    const response = await send(addressOf(url, path), token, { signal: AbortSignal.timeout(WITHIN_MS) });
    const saidMs = Date.parse(response.headers.get('date') ?? '');
    const body: unknown = await response.json().catch((): unknown => null);
    // the header's second is cut off: half a second is what it is too little by, on average
    const aheadMs = Number.isNaN(saidMs) ? null : saidMs + 500 - (beforeMs + clock()) / 2;
    return { status: response.status, body, aheadMs };
  } catch (error) {
    return (error as Error).message;
  }
}

function clockLine({ aheadMs }: Reply): Line {
  const line = { part: PART, check: 'clock' } as const;
  if (aheadMs === null) return { ...line, state: 'unknown', found: 'it does not say what time it has' };
  const off = Math.abs(aheadMs);
  if (off < CLOCK_OFF_MS)
    return { ...line, state: 'ok', count: 0, found: 'its clock and that of this machine agree to the minute' };
  const found = `its clock is ${showDuration(off)} ${aheadMs > 0 ? 'ahead of' : 'behind'} that of this machine`;
  return {
    ...line,
    state: 'attention',
    count: Math.round(off / 1000),
    found,
    remedy: 'set the one that is wrong by NTP: `timedatectl set-ntp true`',
  };
}

function tokenLines(reply: Reply | string, { url, said }: Target): Line[] {
  const line = { part: PART, check: 'token' } as const;
  if (typeof reply === 'string') return [{ ...line, state: 'unknown', found: reply }];
  if (reply.status === 401) {
    const remedy = 'runboard token create --name NAME --scope ingest (on the machine of the service), and use that';
    return [{ ...line, state: 'attention', found: 'the token opens nothing: unknown, expired or revoked', remedy }];
  }
  const { data } = answer.safeParse(reply.body);
  if (reply.status !== 200 || !data) {
    const found =
      reply.status === 200
        ? `${url} does not answer like a Runboard service`
        : `it answers ${reply.status}: ${detailOf(reply.body)}`;
    return [{ ...line, state: 'attention', found, remedy: 'check the address' }];
  }
  const { version, organization, token, sees } = data;
  const scopes = token?.scopes ?? [];
  const name = printable(token?.name ?? '');
  return [
    {
      ...line,
      state: 'ok',
      found: `the token is ${said ?? JSON.stringify(name)} of ${printable(organization.id)}, scopes ${scopes.join(', ')}, sees ${sees}`,
    },
    ...scopesLines(scopes, name),
    versionLine(version),
  ];
}

function scopesLines(scopes: readonly string[], name: string): Line[] {
  const line = { part: PART, check: 'scopes' } as const;
  const create = (scope: string) => `runboard token create --name ${name || 'NAME'} --scope ${scope}`;
  const lacks = { ingest: 'imports cannot use it', read: 'the organization’s data cannot be looked at with it' };
  return Object.entries(lacks)
    .filter(([scope]) => !scopes.includes(scope))
    .map(([scope, what]) => ({
      ...line,
      state: 'note',
      found: `it lacks the scope ${scope}: ${what}`,
      remedy: create(scope),
    }));
}

function versionLine(version: string): Line {
  const same = version === VERSION;
  const found = same
    ? `both are of version ${VERSION}`
    : `the service is of version ${printable(version)}, this command of ${VERSION}`;
  const remedy = same ? {} : { remedy: 'update the older one' };
  return { part: PART, check: 'version', state: same ? 'ok' : 'note', found, ...remedy };
}

function detailOf(body: unknown): string {
  return printable(problem.safeParse(body).data?.detail ?? 'no reason');
}

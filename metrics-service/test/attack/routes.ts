import { Random } from '../support/random.js';
import { probeOf, routesOf, type OpenApi, type Probe } from './document.js';
import { brokenOff, wrongIn } from './judge.js';
import { ASKERS, BOBS, eventsOf, NEIGHBOURS, OURS, SINGLE, type Asker } from './people.js';
import { send, SLOW_MS } from './send.js';

/** A running service in which organizations can be made. */
export interface Attackable {
  url: string;
  /** makes an organization, or a further token of it; answers the token */
  token(orgId: string, scopes: string[]): Promise<string>;
}

export interface RoutesReport {
  readonly routes: number;
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly longestMs: number;
  readonly findings: readonly string[];
}

const AT_ONCE = 4;
const MOST_FINDINGS = 50;

type Tokens = Readonly<Record<'whole' | 'sender' | 'reader' | 'neighbour' | 'made up', string>>;

/**
 * Sends hostile requests to every route that the OpenAPI document has, as viewers of every kind, and looks at each
 * answer: whether it is one of ours, whether it holds what its asker must not see, and whether the service is well.
 */
export async function attackRoutes(
  service: Attackable,
  { seed, requests, onProgress = () => {} }: { seed: number; requests: number; onProgress?: (done: number) => void },
): Promise<RoutesReport> {
  const tokens = await seeded(service);
  const { body } = await send(service.url, { method: 'GET', path: '/openapi.json', headers: {} });
  const document = JSON.parse(body) as OpenApi;
  const routes = routesOf(document);
  const random = new Random(seed);
  const statuses: Record<string, number> = {};
  const findings: string[] = [];
  let [done, longestMs] = [0, 0];
  const attack = async (): Promise<void> => {
    while (done < requests && findings.length < MOST_FINDINGS) {
      const number = (done += 1);
      const probe = withCanaries(probeOf(document, routes[number % routes.length]!, random), random);
      const asker = random.pick(ASKERS);
      const begun = performance.now();
      const answer = await send(service.url, as(probe, asker, tokens)).catch((error: Error) => error);
      const tookMs = performance.now() - begun;
      longestMs = Math.max(longestMs, tookMs);
      const status = answer instanceof Error ? 'none' : String(answer.status);
      statuses[status] = (statuses[status] ?? 0) + 1;
      const wrong = answer instanceof Error ? brokenOff(answer, probe) : wrongIn(answer, probe, asker);
      if (tookMs > SLOW_MS) wrong.push(`took ${Math.round(tookMs)} ms`);
      findings.push(...wrong.map((what) => `${asker.name}: ${what}: ${JSON.stringify(probe).slice(0, 1_500)}`));
      if (number % 100 === 0) onProgress(number);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, attack));
  findings.push(...(await unwell(service.url, tokens)));
  return { routes: routes.length, requests: done, statuses, longestMs, findings };
}

async function seeded(service: Attackable): Promise<Tokens> {
  const whole = await service.token('attacked', ['ingest', 'directory', 'read', 'delegate']);
  const neighbour = await service.token('attacked-neighbour', ['ingest', 'directory', 'read', 'delegate']);
  const theirs = { single: NEIGHBOURS, bob: NEIGHBOURS, ours: NEIGHBOURS };
  for (const [token, canaries] of [
    [whole, { single: SINGLE, bob: BOBS, ours: OURS }],
    [neighbour, theirs],
  ] as const) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify(eventsOf(canaries, Date.now()));
    const answer = await send(service.url, { method: 'POST', path: '/v1/events', headers, body });
    if (answer.status !== 200) throw new Error(answer.body);
  }
  return {
    ...{ whole, neighbour, 'made up': `rb_${'A'.repeat(40)}` },
    reader: await service.token('attacked', ['read']),
    sender: await service.token('attacked', ['ingest']),
  };
}

/** Sometimes it asks for the very things: by their ids, over the time in which they were. */
function withCanaries(probe: Probe, random: Random): Probe {
  if (random.chance(0.5)) return probe;
  const window = `from=${Date.now() - 86_400_000}&to=${Date.now() + 3_600_000}`;
  const word = random.pick([NEIGHBOURS, BOBS, OURS]);
  const filters = random.pick([
    {},
    { session: [`${SINGLE}-${word}-s2`, `${word}-${word}-s2`] },
    { user: [`${SINGLE}-${word}`] },
    { repo: { not: ['x'] } },
    { team: [`${word}-team`] },
  ]);
  if (probe.method === 'GET' && probe.path.startsWith('/v1/')) {
    const [path] = probe.path.split('?');
    const asked = random.pick([
      '',
      '&metrics=runs&groupBy=user',
      '&metrics=runs&groupBy=repo,team',
      '&cursor=start',
      '&search=canary',
    ]);
    return { ...probe, path: `${path}?${window}${asked}&filters=${encodeURIComponent(JSON.stringify(filters))}` };
  }
  if (!probe.path.startsWith('/v1/query')) return probe;
  const view = random.pick([
    'total',
    'table',
    'series',
    'sessions',
    'runs',
    'handoffs',
    'session',
    'activity',
    'timeline',
    'annotations',
    'data_quality',
    'headline',
    'findings',
  ]);
  const groupBy = random.pick([
    [],
    ['user'],
    ['repo'],
    ['team', 'model'],
    ['session'],
    ['agent'],
    ['failure_category'],
  ]);
  const query = { refId: 'A', view, metrics: ['runs', 'total_cost'].slice(0, random.integer(1, 2)), groupBy, filters };
  const [from, to] = [Date.now() - 86_400_000, Date.now() + 3_600_000];
  return { ...probe, body: JSON.stringify({ from, to, queries: [query] }) };
}

function as(probe: Probe, { token, headers }: Asker, tokens: Tokens): Probe {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${tokens[token]}` };
  const bytes = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
  );
  return { ...probe, headers: { ...authorization, ...bytes, ...probe.headers } };
}

/** What does not work as before any more. */
async function unwell(url: string, tokens: Tokens): Promise<string[]> {
  const begun = performance.now();
  const ready = await send(url, { method: 'GET', path: '/ready', headers: {} }).catch((error: Error) => error);
  const me = await send(url, {
    method: 'GET',
    path: '/v1/me',
    headers: { authorization: `Bearer ${tokens.whole}` },
  }).catch((error: Error) => error);
  const wrong = [ready, me].flatMap((answer) =>
    answer instanceof Error || answer.status !== 200 ? [`afterwards: ${JSON.stringify(answer)}`] : [],
  );
  return performance.now() - begun > SLOW_MS ? [...wrong, 'afterwards it is slow'] : wrong;
}

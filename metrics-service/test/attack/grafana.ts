import { dataFolder, start } from '../support/command.js';

const ENVIRONMENT = {
  GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_NEWS_NEWS_FEED_ENABLED: 'false',
  GF_SERVER_HTTP_ADDR: '127.0.0.1',
  // who has not signed in may do there what an Editor may
  GF_AUTH_ANONYMOUS_ENABLED: 'true',
  GF_AUTH_ANONYMOUS_ORG_ROLE: 'Editor',
};
const UID = 'runboard';
const BEHIND = [
  '',
  '/',
  '/metrics',
  '/docs',
  '/health',
  '/v1/me',
  '/v1/export/runs.csv',
  '/..%2fmetrics',
  '/./metrics',
];
const NUL = ['/resources/%00', '/resources/me%00', '/resources/dimensions/%00/values', '/resources/export/%00.csv'];

type As = (path: string, init?: RequestInit) => Promise<Response>;

/** Tries Grafana's own ways by the plugin, as an administrator, an Editor, a Viewer and nobody. Answers what it got. */
export async function attackGrafana(grafanaHome: string): Promise<string[]> {
  const folder = await dataFolder();
  const service = await start(folder.path, {
    ...ENVIRONMENT,
    ...{ RUNBOARD_GRAFANA: '1', GRAFANA_HOME: grafanaHome, GRAFANA_PORT: '0' },
  });
  try {
    const said = await service.said('  user admin, password ');
    const { origin } = new URL(/boards at (\S+)/.exec(said)![1]!);
    const admin = basic(origin, 'admin', /user admin, password (\S+)/.exec(said)![1]!);
    const viewers: Record<string, As> = {
      admin,
      editor: await user(origin, admin, 'Editor'),
      viewer: await user(origin, admin, 'Viewer'),
      nobody: (path, init) => fetch(origin + path, init),
    };
    const found: string[] = [];
    for (const [name, ask] of Object.entries(viewers)) {
      found.push(...(await byTheProxy(name, ask)), ...(await byResources(name, ask)));
    }
    found.push(...(await asNobody(viewers.nobody!, admin)));
    const source = await admin(`/api/datasources/uid/${UID}`);
    const { url } = (await source.json()) as { url: string };
    if (url !== '') found.push(`the address of the service stands where Grafana's own proxy looks: ${url}`);
    const health = await admin(`/api/datasources/uid/${UID}/health`);
    if (!health.ok) found.push(`the data source does not work: ${await health.text()}`);
    return found;
  } finally {
    await service.end('SIGTERM');
    await folder.remove();
  }
}

/** Nothing of the service is to be had by `/api/datasources/proxy`. */
async function byTheProxy(name: string, ask: As): Promise<string[]> {
  const found: string[] = [];
  for (const base of [`/api/datasources/proxy/uid/${UID}`, '/api/datasources/proxy/1']) {
    for (const path of BEHIND) {
      for (const method of ['GET', 'POST']) {
        const response = await ask(base + path, { method, headers: { 'X-DS-Authorization': 'Bearer rb_stolen' } });
        await response.text();
        if (![401, 403, 404].includes(response.status))
          found.push(`${name}: ${method} ${base}${path}: ${response.status}`);
      }
    }
  }
  return found;
}

/** A path that no resource has is told so, however it is written. */
async function byResources(name: string, ask: As): Promise<string[]> {
  const found: string[] = [];
  for (const path of NUL) {
    const response = await ask(`/api/datasources/uid/${UID}${path}`);
    const text = await response.text();
    if (response.status >= 500) found.push(`${name}: ${path}: ${response.status} ${text.slice(0, 200)}`);
  }
  return found;
}

/** Whoever has not signed in is told nothing of the organization, of its people, or of the token. */
async function asNobody(nobody: As, admin: As): Promise<string[]> {
  const query = { refId: 'A', datasource: { uid: UID }, view: 'table', metrics: ['runs'], groupBy: ['user'] };
  const to = Date.now();
  const body = JSON.stringify({ from: String(to - 30 * 86_400_000), to: String(to), queries: [query] });
  const question = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const known = (await (await admin('/api/ds/query', question)).json()) as Frames;
  const people = known.results.A.frames[0]!.data.values[1] as string[];
  if (people.length < 3) return ['an administrator sees nobody: is there no demo?'];
  const board = await nobody('/api/search?type=dash-db');
  const found = board.ok ? [] : [`nobody may not look at boards (${board.status}): they should, for this attack`];
  const paths = [
    '/resources/me',
    '/resources/dimensions/user/values',
    '/resources/export/runs.csv?from=0&to=4000000000000',
  ];
  const answers = [
    await (await nobody('/api/ds/query', question)).text(),
    ...(await Promise.all(paths.map(async (path) => (await nobody(`/api/datasources/uid/${UID}${path}`)).text()))),
  ];
  for (const text of answers) {
    const said = [...people, '"scopes"', 'delegate'].find((word) => text.includes(word));
    if (said !== undefined) found.push(`nobody is told ${said}: ${text.slice(0, 300)}`);
  }
  return found;
}

interface Frames {
  results: { A: { frames: { data: { values: unknown[][] } }[] } };
}

function basic(origin: string, login: string, password: string): As {
  const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
  return (path, init = {}) =>
    fetch(origin + path, { ...init, headers: { ...(init.headers as Record<string, string>), authorization } });
}

async function user(origin: string, admin: As, role: string): Promise<As> {
  const [login, password] = [role.toLowerCase(), 'attack-1234'];
  const json = (method: string, body: object): RequestInit => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const made = await admin('/api/admin/users', json('POST', { login, password, name: login, OrgId: 1 }));
  const { id } = (await made.json()) as { id: number };
  await admin(`/api/org/users/${id}`, json('PATCH', { role }));
  return basic(origin, login, password);
}

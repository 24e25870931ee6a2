import { dataFolder, start } from '../support/command.js';

const ENVIRONMENT = {
  GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
  GF_ANALYTICS_REPORTING_ENABLED: 'false',
  GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
  GF_NEWS_NEWS_FEED_ENABLED: 'false',
  GF_SERVER_HTTP_ADDR: '127.0.0.1',
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

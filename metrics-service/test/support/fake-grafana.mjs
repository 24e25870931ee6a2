// Stands in for a Grafana: what `runboard start` sees of one, and what one leaves behind.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const { env } = process;
const home = process.argv[process.argv.indexOf('--homepath') + 1];

if (existsSync(join(home, 'broken'))) {
  process.stdout.write('logger=migrator level=info msg="Starting"\nError: broken on purpose\n');
  process.exit(1);
}

// as real plugins, it would outlive a Grafana that is killed
const plugin = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
writeFileSync(
  join(home, 'seen.json'),
  JSON.stringify({
    pid: process.pid,
    pluginPid: plugin.pid,
    args: process.argv.slice(2),
    env,
    plugins: readdirSync(env.GF_PATHS_PLUGINS),
    boards: readdirSync(env.RUNBOARD_DASHBOARDS),
    provisioning: readdirSync(env.GF_PATHS_PROVISIONING),
    dataSources: readdirSync(join(env.GF_PATHS_PROVISIONING, 'datasources')),
  }),
);
process.on('SIGTERM', () => process.exit(0));

const password = existsSync(join(home, 'password')) ? 'changed' : env.GF_SECURITY_ADMIN_PASSWORD;
let preferences = {};
const routes = {
  '/api/health': () => [200, { database: 'ok', version: '12.4.9' }],
  '/api/datasources/uid/runboard/health': async ({ headers }) => {
    const sent = Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString();
    if (sent !== `admin:${password}`) return [401, { message: 'Invalid username or password' }];
    const me = await fetch(`${env.RUNBOARD_URL}/v1/me`, { headers: { authorization: `Bearer ${env.RUNBOARD_TOKEN}` } });
    return me.ok ? [200, { status: 'OK' }] : [400, { message: `the service says ${me.status}` }];
  },
  '/api/org/preferences': async (request) => {
    let sent = '';
    for await (const part of request) sent += part;
    if (request.method === 'PATCH') preferences = JSON.parse(sent);
    return [200, preferences];
  },
  '/die': () => process.exit(3),
};
createServer(async (request, response) => {
  const [status, body] = (await routes[request.url]?.(request)) ?? [404, { message: 'not found' }];
  response.writeHead(status).end(JSON.stringify(body));
}).listen(Number(env.GF_SERVER_HTTP_PORT), env.GF_SERVER_HTTP_ADDR);

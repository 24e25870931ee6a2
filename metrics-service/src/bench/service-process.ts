import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { createOrganization } from '../access/organizations.js';
import { createToken } from '../access/tokens.js';
import { loadConfig } from '../config.js';
import { keepHeapSmall } from '../heap.js';
import { startServer } from '../server.js';

/** The service in its own process, so that its memory can be measured separately. */
const [databaseUrl, orgId, aheadMs] = process.argv.slice(2) as [string, string, string];
keepHeapSmall();
const server = await startServer({
  // the speed of the service, without the limits for one sender
  config: { ...loadConfig(), port: 0, host: '127.0.0.1', rateLimitPerToken: 0, rateLimitPerAddress: 0 },
  databaseUrl,
  clock: () => Date.now() + Number(aheadMs),
  log: pino({ level: 'silent' }),
});
await createOrganization(server.database, orgId);
const { token } = await createToken(server.database, orgId, { name: 'bench', scopes: ['ingest', 'directory', 'read'] });

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let most = 0;
setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 100);
process.on('message', (message) => {
  if (message === 'used') {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    process.send!(heapUsed + external);
  } else if (message === 'memory') {
    const now = process.memoryUsage.rss();
    process.send!({ now, most: Math.max(most, now) });
    most = now;
  }
});
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => void server.stop().then(() => process.exit()));
process.send!({ url: server.url, token });

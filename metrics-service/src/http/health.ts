import { Router } from 'express';
import { ApiError } from '../contract/problem.js';
import { POOL_NAMES } from '../db/pools.js';
import type { Services } from './services.js';

const STATE = `
  select name, current_setting('transaction_read_only') = 'on' as "isReadOnly"
  from pgmigrations
  order by id`;

/** @throws ApiError busy: it is ending; database_unavailable: it does not answer, takes no writes, is not migrated */
export async function checkReady({ pools, migrations, isStopping }: Services): Promise<void> {
  if (isStopping?.()) throw new ApiError('busy', 'the service is ending');
  const { rows } = await pools.access.query<{ name: string; isReadOnly: boolean }>(STATE);
  const applied = new Set(rows.map((row) => row.name));
  const missing = migrations.filter((name) => !applied.has(name));
  const wrong =
    missing.length > 0
      ? `migrations are missing (${missing.join(', ')}): run \`runboard migrate\``
      : rows[0]?.isReadOnly
        ? 'the database takes no writes (read-only)'
        : POOL_NAMES.map((name) => pools[name].trouble()).find((trouble) => trouble !== null);
  if (wrong) throw new ApiError('database_unavailable', wrong);
}

/** `GET /health`: the process is alive. `GET /ready`: the database answers, takes writes and has this version's migrations. */
export function healthRoutes(services: Services): Router {
  const router = Router();
  router.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/ready', async (_request, response) => {
    await checkReady(services);
    response.json({ status: 'ready' });
  });
  return router;
}

import { Router } from 'express';
import { ApiError } from '../contract/problem.js';
import type { Services } from './services.js';

/** `GET /health`: the process is alive. `GET /ready`: the database answers and has this version's migrations. */
export function healthRoutes({ database, migrations, isStopping }: Services): Router {
  const router = Router();
  router.get('/health', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/ready', async (_request, response) => {
    if (isStopping?.()) throw new ApiError('busy', 'the service is ending');
    const { rows } = await database.query<{ name: string }>(`select name from pgmigrations order by id`);
    const applied = new Set(rows.map((row) => row.name));
    const missing = migrations.filter((name) => !applied.has(name));
    if (missing.length > 0) {
      throw new ApiError(
        'database_unavailable',
        `migrations are missing (${missing.join(', ')}): run \`runboard migrate\``,
      );
    }
    response.json({ status: 'ready' });
  });
  return router;
}

import { Router } from 'express';
import type { Services } from './services.js';

/** `GET /metrics`: the service's own metrics, for Prometheus. */
export function metricsRoute({ monitoring }: Pick<Services, 'monitoring'>): Router {
  const router = Router();
  router.get('/metrics', async (_request, response) => {
    const { contentType, text } = await monitoring.read();
    response.set('Content-Type', contentType).send(text);
  });
  return router;
}

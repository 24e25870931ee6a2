import { Router } from 'express';
import { openApiDocument } from '../openapi/document.js';

/** `GET /openapi.json`: the description of all routes, for programs. */
export function openApiRoute(): Router {
  const document = openApiDocument();
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  return router;
}

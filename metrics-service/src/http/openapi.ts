import { Router } from 'express';
import { openApiDocument } from '../openapi/document.js';

/** `GET /openapi.json`: the API description, for programs. */
export function openApiRoute(): Router {
  const document = openApiDocument();
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  return router;
}

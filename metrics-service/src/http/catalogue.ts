import { Router } from 'express';
import { describeCatalogue } from '../catalogue/describe.js';
import { INTERVALS } from '../query/buckets.js';
import { EXAMPLES } from '../query/examples.js';
import { ANNOTATION_KINDS } from '../query/statements/annotations.js';
import { VIEWS } from '../query/views/index.js';
import { listConfig } from '../query/views/list.js';
import type { View } from '../query/views/view.js';
import { requireScope } from './authenticate.js';
import type { Services } from './services.js';

function describeView({ name, title, members, filters, columns = [] }: View) {
  return {
    name,
    title,
    members,
    filters,
    columns: columns.map((column) => ({
      name: column.name,
      title: listConfig(column).displayNameFromDS ?? column.name,
    })),
  };
}

/** `GET /v1/catalogue`: everything that can be asked for. */
export function catalogueRoute(services: Services): Router {
  const catalogue = {
    ...describeCatalogue(),
    views: VIEWS.map(describeView),
    intervals: ['auto', ...INTERVALS],
    annotations: ANNOTATION_KINDS,
    examples: EXAMPLES,
  };
  const router = Router();
  router.get('/v1/catalogue', requireScope(services, 'read'), (_request, response) => {
    response.json(catalogue);
  });
  return router;
}

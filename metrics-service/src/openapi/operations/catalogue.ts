import { z } from 'zod';
import { DIMENSIONS } from '../../catalogue/index.js';
import { dimensionParameters } from '../../query/index.js';
import type { Operation } from '../operation.js';

const metric = {
  id: 'run_success_rate',
  title: 'Run success rate',
  section: 'Reliability',
  definition: 'SUCCEEDED runs ÷ terminal runs.',
  unit: 'ratio',
  grafanaUnit: 'percentunit',
  better: 'higher',
  filters: ['user', 'team', 'repo'],
  groups: ['user', 'team', 'repo'],
  requires: null,
  requiresAny: [],
  hasInterval: true,
};
const dimension = { name: 'repo', title: 'Repository', definition: 'The repository of the session.' };
const catalogue = {
  metrics: [metric],
  dimensions: [{ ...dimension, filters: true, groups: true }],
  views: [
    {
      name: 'total',
      title: 'Total',
      members: ['metrics', 'groupBy', 'filters', 'compare'],
      filters: null,
      columns: [],
    },
  ],
  intervals: ['auto', 'hour', 'day', 'week', 'month'],
  annotations: ['handoff', 'failed_run', 'first_model_use'],
  examples: [{ title: 'Runs', query: { view: 'total', metrics: ['runs'] } }],
};

export const readCatalogue: Operation = {
  method: 'get',
  path: '/v1/catalogue',
  id: 'catalogue',
  tag: 'Asking',
  summary: 'What can be asked for',
  description: 'Every metric with its definition and what it takes, dimensions, views, intervals and example queries.',
  scope: 'read',
  answers: {
    200: {
      description: 'The catalogue.',
      content: { 'application/json': { schema: 'Catalogue', examples: { shortened: { value: catalogue } } } },
    },
  },
  problems: [],
};

const { search, from, to, limit } = dimensionParameters.shape;
/** An empty value in a query string counts as absent. */
const orEmpty = (schema: z.ZodType) => z.union([schema, z.literal('')]);

const values = [
  { value: 'ann', label: 'Ann Example' },
  { value: '(none)', label: '(none)' },
];

export const readDimensionValues: Operation = {
  method: 'get',
  path: '/v1/dimensions/{name}/values',
  id: 'dimensionValues',
  tag: 'Asking',
  summary: 'The values of a dimension',
  description: 'What a filter can be set to, sorted by label. `(none)` stands for rows without a value.',
  scope: 'read',
  parameters: [
    {
      name: 'name',
      in: 'path',
      description: 'a dimension of the catalogue',
      schema: z.enum(DIMENSIONS.map(({ name }) => name)),
      required: true,
      example: 'user',
    },
    { name: 'search', in: 'query', description: 'text in value or label', schema: search, example: 'ann' },
    { name: 'from', in: 'query', description: 'only values seen in a window; needs `to`', schema: orEmpty(from) },
    { name: 'to', in: 'query', description: 'the end of that window, not included', schema: orEmpty(to) },
    { name: 'limit', in: 'query', description: 'how many, 100 by default', schema: orEmpty(limit), example: 50 },
    {
      name: 'filters',
      in: 'query',
      description: 'only the values on runs that pass these, as JSON; also as repeated `var-<dimension>`',
      schema: z.string(),
      example: '{"team":["core"]}',
    },
  ],
  answers: {
    200: {
      description: 'Values and labels.',
      content: { 'application/json': { schema: 'DimensionValues', examples: { users: { value: { values } } } } },
    },
  },
  problems: ['invalid_request', 'query_too_large', 'query_timeout'],
};

import { z } from 'zod';
import { DIMENSIONS } from '../catalogue/index.js';
import { SECTIONS } from '../catalogue/metric.js';
import { UNITS, type Unit } from '../catalogue/units.js';
import { askedQuery } from './query.js';

const dimensionName = z.enum(DIMENSIONS.map(({ name }) => name));

/** The answer of GET /v1/catalogue. */
export const catalogueAnswer = z.object({
  metrics: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      section: z.enum(SECTIONS),
      definition: z.string(),
      unit: z.enum(Object.keys(UNITS) as Unit[]),
      grafanaUnit: z.string(),
      better: z.enum(['higher', 'lower', 'neither']),
      filters: z.array(dimensionName),
      groups: z.array(dimensionName),
      requires: dimensionName.nullable().meta({ description: 'a grouping that it cannot be asked without' }),
      requiresAny: z.array(dimensionName).meta({ description: 'groupings of which it needs one; empty: none' }),
      hasInterval: z.boolean().meta({ description: 'whether it is a share that `intervals` are told of' }),
    }),
  ),
  dimensions: z.array(
    z.object({
      name: dimensionName,
      title: z.string(),
      definition: z.string(),
      filters: z.boolean().meta({ description: 'whether any metric can be filtered by it' }),
      groups: z.boolean().meta({ description: 'whether any metric can be grouped by it' }),
    }),
  ),
  views: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      members: z.array(z.string()).meta({ description: 'the members of a query that it uses' }),
      filters: z.array(dimensionName).nullable().meta({ description: 'null: those that all its metrics take' }),
      columns: z
        .array(z.object({ name: z.string(), title: z.string() }))
        .meta({ description: 'what its rows can be ordered by, in addition to metrics and groupings' }),
    }),
  ),
  intervals: z.array(z.string()),
  annotations: z.array(z.string()).meta({ description: 'the kinds of annotations' }),
  examples: z.array(z.object({ title: z.string(), query: askedQuery })),
});

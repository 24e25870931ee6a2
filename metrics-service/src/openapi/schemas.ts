import { z } from 'zod';
import { dimensionValuesAnswer, health, ingestAnswer, me, problem, ready } from '../contract/answers.js';
import { badge } from '../contract/badge.js';
import { costsByWorkItem, costSummary, workItemCosts } from '../contract/costs.js';
import { callUsage } from '../contract/usage.js';
import { frame, queryAnswer, result } from '../contract/frames.js';
import { catalogueAnswer } from './catalogue.js';
import { anyEvent, EVENT_SCHEMAS } from './events.js';
import { otlpAnswer, otlpRequest, otlpStatus } from './otlp.js';
import { askedQuery, askedRequest } from './query.js';

const events = z.array(anyEvent);

const SCHEMAS = {
  Event: anyEvent,
  Events: events,
  EventOrEvents: z.union([anyEvent, events]),
  Usage: callUsage,
  IngestAnswer: ingestAnswer,
  OtlpRequest: otlpRequest,
  OtlpAnswer: otlpAnswer,
  OtlpStatus: otlpStatus,
  Query: askedQuery,
  QueryRequest: askedRequest,
  QueryAnswer: queryAnswer,
  Result: result,
  Frame: frame,
  Catalogue: catalogueAnswer,
  DimensionValues: dimensionValuesAnswer,
  WorkItemCosts: workItemCosts,
  CostSummary: costSummary,
  CostsByWorkItem: costsByWorkItem,
  Badge: badge,
  Me: me,
  Health: health,
  Ready: ready,
  Problem: problem,
} satisfies Record<string, z.ZodType>;

export type SchemaName = keyof typeof SCHEMAS;

/** `components.schemas`: the input of the zod schemas as JSON Schema; named schemas refer to each other. */
export function componentSchemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  for (const { name, schema } of EVENT_SCHEMAS) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, bare(schema)]));
}

/** The JSON Schema of a parameter. */
export function parameterSchema(schema: z.ZodType): object {
  return bare(z.toJSONSchema(schema, { io: 'input' }));
}

function bare({ $schema: _schema, $id: _id, ...schema }: Record<string, unknown>): object {
  return schema;
}

import type { Entity } from './entity.js';
import { handoff } from './handoff.js';
import { llmCall } from './llm-call.js';
import { message } from './message.js';
import { run } from './run.js';
import { session } from './session.js';
import { user } from './user.js';

export type { ColumnType, Columns, Entity } from './entity.js';

/** All entities, by what event types call them: `run.started` is about a run. */
export const entities = { user, session, message, handoff, run, llm_call: llmCall } as const;

export type EntityName = keyof typeof entities;
export const ENTITY_NAMES = Object.keys(entities) as EntityName[];

/** One value for each entity. */
export function perEntity<T>(make: (entity: Entity, name: EntityName) => T): Record<EntityName, T> {
  return Object.fromEntries(ENTITY_NAMES.map((name) => [name, make(entities[name], name)])) as Record<EntityName, T>;
}

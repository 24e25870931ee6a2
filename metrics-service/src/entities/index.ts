import type { EntityName } from './declaration.js';
import type { Entity } from './entity.js';
import { budget } from './budget.js';
import { count } from './count.js';
import { escalation } from './escalation.js';
import { handoff } from './handoff.js';
import { idHint } from './id-hint.js';
import { llmCall } from './llm-call.js';
import { message } from './message.js';
import { run } from './run.js';
import { session } from './session.js';
import { toolCall } from './tool-call.js';
import { user } from './user.js';
import { workItem } from './work-item.js';

export type { ColumnType, Columns, EntityName } from './declaration.js';
export type { Entity } from './entity.js';

/** All entities, by their name in event types: `run.started` is about a run. */
export const entities = {
  user,
  session,
  run,
  message,
  handoff,
  llm_call: llmCall,
  tool_call: toolCall,
  count,
  id_hint: idHint,
  work_item: workItem,
  escalation,
  budget,
} satisfies Record<EntityName, Entity>;

export const ENTITY_NAMES = Object.keys(entities) as EntityName[];
export const ENTITIES: readonly Entity[] = Object.values(entities);

/** One value for each entity. */
export function perEntity<T>(make: (entity: Entity) => T): Record<EntityName, T> {
  return Object.fromEntries(ENTITIES.map((one) => [one.name, make(one)])) as Record<EntityName, T>;
}

import { z } from 'zod';
import { budgetEvents } from './events/budgets.js';
import { runEvents } from './events/runs.js';
import { sessionEvents } from './events/sessions.js';
import { toolEvents } from './events/tools.js';
import { workItemEvents } from './events/work-items.js';
import type { Rank } from './access.js';
import { JSON_TYPE } from './json-type.js';
import { name, source, time } from './values.js';

export { FAILURE_CATEGORIES, RUN_OUTCOMES } from './events/runs.js';
export { HANDOFF_METHODS, LINKED_BY, MESSAGE_ROLES, USER_ROLES } from './events/sessions.js';
export { QUALITIES, SEVERITIES } from './events/work-items.js';

/** All event types by name (design section 4). The part of the name before the dot is the entity. */
export const eventTypes = {
  ...sessionEvents,
  ...runEvents,
  ...toolEvents,
  ...workItemEvents,
  ...budgetEvents,
} as const;

export type EventType = keyof typeof eventTypes;
export const EVENT_TYPES = Object.keys(eventTypes) as EventType[];

/** `data` of an event as validated: times in epoch milliseconds, money in nano-US-dollars. */
export type EventData<Type extends EventType> = z.output<(typeof eventTypes)[Type]['data']>;

/** The CloudEvents 1.0 attributes that every event carries. */
export const envelope = z.object({
  specversion: z.literal('1.0', { error: 'must be "1.0" (CloudEvents 1.0)' }),
  id: name,
  source,
  type: z.string(),
  time: time.nullish(),
  runboardrank: z
    .union([z.literal([0, 1]), z.literal(['0', '1'])], { error: 'must be 0 or 1' })
    .transform((said) => Number(said) as Rank)
    .nullish(),
  runboardreceived: time.nullish(),
  datacontenttype: z.string().regex(JSON_TYPE, { error: 'must be JSON: leave it out, or application/json' }).nullish(),
});

import { z } from 'zod';
import type { EventTypeDeclaration } from '../contract/event-type.js';
import { envelope, EVENT_TYPES, eventTypes, type EventType } from '../contract/events.js';
import { time } from '../contract/values.js';

/** The events of POST /v1/events as schemas of their own: the envelope with one type and its data. */

/** A valid event of the type. */
export function exampleEvent(type: EventType): Record<string, unknown> {
  const { moment, example } = eventTypes[type];
  const needsTime = moment === null ? { time: '2026-01-31T10:00:00Z' } : {};
  return { specversion: '1.0', id: `${type}-1`, source: '/my-platform', type, ...needsTime, data: example };
}

/** `run.completed` is RunCompletedEvent. */
export function eventSchemaName(type: EventType): string {
  const words = type.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Event`;
}

function eventSchema(type: EventType) {
  const { says, moment, otherMoment, data }: EventTypeDeclaration = eventTypes[type];
  const own = [moment, otherMoment].filter((member) => member != null).map((member) => `data.${member}`);
  const said = moment === null ? 'when it was known' : `when it was known; ${own.join(' or ')} where it is absent`;
  const { description } = time.meta()!;
  const at = time.meta({ description: `${said}: ${description}` });
  return envelope
    .extend({ type: z.literal(type), time: moment === null ? at : at.nullish(), data })
    .meta({ description: says, examples: [exampleEvent(type)] });
}

export const EVENT_SCHEMAS = EVENT_TYPES.map((type) => ({ name: eventSchemaName(type), schema: eventSchema(type) }));

const [first, ...others] = EVENT_SCHEMAS.map(({ schema }) => schema);

/** Any event: a CloudEvent whose `type` says what its `data` holds. */
export const anyEvent = z.discriminatedUnion('type', [first!, ...others]).meta({
  description:
    'A CloudEvent 1.0 whose `type` says what its `data` holds. Unknown members of `data` are kept and ignored.',
  discriminator: {
    propertyName: 'type',
    mapping: Object.fromEntries(EVENT_TYPES.map((type) => [type, `#/components/schemas/${eventSchemaName(type)}`])),
  },
});

import { z } from 'zod';
import { TOKEN_SCOPES, VIEWER_KINDS, VIEWER_SCOPE_KINDS } from './access.js';
import { PROBLEM_CODES } from './problem.js';

/** Answers of the routes, other than frames (frames.ts). */

/** Why an event was not accepted. */
export const FAULT_CODES = [
  'invalid_json',
  'invalid_event',
  'unknown_type',
  'time_in_future',
  'forbidden',
  'id_reused',
] as const;

const counted = z.int().min(0);

/** The answer of POST /v1/events. */
export const ingestAnswer = z.strictObject({
  accepted: counted.meta({ description: 'new events only' }),
  duplicates: counted.meta({ description: 'events that were known already, or stand twice in this request' }),
  rejected: z.array(
    z.strictObject({
      index: counted.meta({ description: 'which event of the request, from 0' }),
      id: z.string().nullable(),
      code: z.enum(FAULT_CODES),
      path: z.string().meta({ description: 'the member at fault, such as data.usage.inputTokens' }),
      message: z.string(),
    }),
  ),
});
export type IngestAnswer = z.infer<typeof ingestAnswer>;

/** Every error: an RFC 9457 problem. */
export const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().meta({ description: 'what was wrong and what to do' }),
  code: z.enum(PROBLEM_CODES).meta({ description: 'for programs' }),
  requestId: z.string().meta({ description: 'the X-Request-Id of this answer; the log of the service has the same' }),
});

export const health = z.strictObject({ status: z.literal('ok') });
export const ready = z.strictObject({ status: z.literal('ready') });

/** The answer of GET /v1/dimensions/{name}/values, sorted by label. */
export const dimensionValuesAnswer = z.strictObject({
  values: z.array(
    z.strictObject({
      value: z.string().meta({ description: 'to filter by' }),
      label: z.string().meta({ description: 'what it is shown as' }),
    }),
  ),
});

/** The answer of GET /v1/me. */
export const me = z.strictObject({
  version: z.string().meta({ description: 'of the service' }),
  organization: z.strictObject({
    id: z.string(),
    name: z.string(),
    timezone: z.string().meta({ description: 'the zone of questions that name none' }),
  }),
  token: z
    .strictObject({ id: z.string(), name: z.string(), scopes: z.array(z.enum(TOKEN_SCOPES)) })
    .nullable()
    .meta({ description: 'null for a viewer who is no administrator of Grafana' }),
  viewer: z
    .strictObject({
      kind: z.enum([...VIEWER_KINDS, 'unknown']),
      user: z
        .strictObject({ id: z.string(), name: z.string(), role: z.string().nullable(), team: z.string().nullable() })
        .nullable()
        .meta({ description: 'who the viewer is in the organization; null: nobody, or no person' }),
    })
    .nullable()
    .meta({ description: 'for whom the token asks; null: for itself' }),
  sees: z.enum(VIEWER_SCOPE_KINDS).meta({
    description:
      'what questions are answered from: `organization` all, `team` and `self` a part of it, `totals` all, but nothing ' +
      'of single users or sessions, `nothing`',
  }),
  reason: z.string().nullable().meta({ description: 'why not all of it, to be read' }),
  says: z.string().meta({
    description:
      'all this in a few sentences, to be read; with `?data=true` also how much data there is, and how old it is',
  }),
});
export type Me = z.infer<typeof me>;

import { z } from 'zod';
import { eventType } from '../event-type.js';
import { optionalPersonId, personId, personName, text, url, words } from '../holds.js';
import {
  itemIdOrNone,
  name,
  naturalNumber,
  oneOf,
  optionalItemId,
  optionalKey,
  optionalName,
  optionalOneOf,
  time,
} from '../values.js';
import { FAILURE_CATEGORIES, RUN_OUTCOMES } from './runs.js';

export const USER_ROLES = ['admin', 'manager', 'member'] as const;
export const USER_KINDS = ['person', 'service'] as const;
/** Most other ids that one person may have. */
export const MOST_ALIASES = 100;
/**
 * Who says which work item a session is about, the word that counts most first: a person, an event, an attribute of telemetry,
 * a runner's correlation id, an importer's option; what the organization's pattern gave when the branch was erased.
 */
export const LINKED_BY = ['hand', 'event', 'telemetry', 'correlation', 'importer', 'pattern'] as const;
export const MESSAGE_ROLES = ['user', 'agent', 'system'] as const;
export const COUNT_NAMES = ['commits', 'pull_requests', 'lines_added', 'lines_deleted'] as const;
export const HANDOFF_METHODS = ['TELEPORT', 'OPEN_IN_CLI', 'DOWNLOAD_PATCH'] as const;

/** Users, sessions, and what happens in a session apart from its runs. */
export const sessionEvents = {
  'user.upserted': eventType({
    says: 'Who a user is: name, e-mail, role and team, a person or a service, and under which other ids (`aliases`) it is known.',
    moment: null,
    data: z.object({
      userId: personId,
      email: personName,
      name: personName,
      role: optionalOneOf(USER_ROLES),
      team: optionalName,
      kind: optionalOneOf(USER_KINDS),
      aliases: z
        .array(personId)
        .max(MOST_ALIASES, { error: `are more than ${MOST_ALIASES}` })
        .nullish(),
    }),
    ofDirectory: ['role', 'team', 'kind', 'aliases'],
    example: { userId: 'ann', name: 'Ann Example', email: 'ann@example.org', role: 'member', team: 'core' },
  }),
  'session.created': eventType({
    says: 'A session of work with an agent.',
    moment: 'createdAt',
    data: z.object({
      sessionId: name,
      createdByUserId: optionalPersonId,
      createdAt: time,
      repo: optionalName,
      workspace: optionalName,
      runtime: optionalName,
      title: words,
      branch: words,
      parentSessionId: optionalName,
      workItemId: optionalItemId,
      stage: optionalName,
      url,
    }),
    example: {
      sessionId: 's-1',
      createdByUserId: 'ann',
      createdAt: '2026-01-31T09:00:00Z',
      repo: 'web',
      runtime: 'cloud',
    },
  }),
  'session.seen': eventType({
    says: 'What a record tells of a session in passing: it fills in what nobody says who knows the session better.',
    moment: 'at',
    data: z.object({
      sessionId: name,
      at: time,
      userId: optionalPersonId,
      repo: optionalName,
      workspace: optionalName,
      runtime: optionalName,
      branch: words,
      workItemId: optionalItemId,
    }),
    example: { sessionId: 's-1', at: '2026-01-31T00:00:00Z', userId: 'ann', runtime: 'claude-code' },
  }),
  'session.ended': eventType({
    says: 'A session ended; where it says how, its open run ended so.',
    moment: 'at',
    data: z.object({
      sessionId: name,
      at: time,
      status: optionalOneOf(RUN_OUTCOMES),
      failureCategory: optionalOneOf(FAILURE_CATEGORIES),
    }),
    example: { sessionId: 's-1', at: '2026-01-31T10:00:00Z', status: 'FAILED', failureCategory: 'infrastructure' },
  }),
  'session.settled': eventType({
    says: 'Nothing more is expected of a session up to that moment; written by the service itself.',
    moment: 'through',
    data: z.object({ sessionId: name, through: time }),
    example: { sessionId: 's-1', through: '2026-01-31T12:00:00Z' },
  }),
  'session.linked': eventType({
    says: 'What work item a session is about, and at which stage, for whoever knows nothing else of the session.',
    moment: 'at',
    data: z.object({
      sessionId: name,
      workItemId: itemIdOrNone,
      at: time,
      stage: optionalName,
      by: optionalOneOf(LINKED_BY),
    }),
    example: { sessionId: 's-1', workItemId: 'MIN-123', at: '2026-01-31T09:05:00Z', stage: 'implementation' },
  }),
  'session.deleted': eventType({
    says: 'Hides a session and what belongs to it, until a later event about it.',
    moment: null,
    data: z.object({ sessionId: name }),
    example: { sessionId: 's-1' },
  }),
  'message.created': eventType({
    says: 'A message of a session. Its text is kept only where the organization wants it.',
    moment: 'sentAt',
    data: z.object({
      messageId: name,
      sessionId: name.nullish(),
      key: optionalKey,
      role: oneOf(MESSAGE_ROLES),
      sentAt: time,
      userId: optionalPersonId,
      text,
    }),
    example: { messageId: 'm-1', sessionId: 's-1', role: 'user', sentAt: '2026-01-31T09:00:01Z' },
  }),
  'handoff.created': eventType({
    says: 'A person took the work over to a local machine.',
    moment: 'occurredAt',
    data: z.object({
      handoffId: name,
      sessionId: name,
      userId: optionalPersonId,
      occurredAt: time,
      method: oneOf(HANDOFF_METHODS),
    }),
    example: { handoffId: 'h-1', sessionId: 's-1', occurredAt: '2026-01-31T09:20:00Z', method: 'OPEN_IN_CLI' },
  }),
  'count.recorded': eventType({
    says: 'A number that a session reported, such as its commits; the latest value of a countId counts.',
    moment: 'at',
    data: z.object({
      countId: name,
      sessionId: name,
      name: oneOf(COUNT_NAMES),
      value: naturalNumber,
      at: time,
      userId: optionalPersonId,
    }),
    example: { countId: '0b8d3c5e', sessionId: 's-1', name: 'commits', value: 2, at: '2026-01-31T09:08:00Z' },
  }),
  'id_hint.recorded': eventType({
    says: 'Two ids that were seen together, so that they may be one person’s. A hint for people: no number goes by it.',
    moment: 'at',
    data: z.object({ idHintId: name, userId: personId, otherId: personId, at: time }),
    example: { idHintId: '5f0c7a1e', userId: 'ann', otherId: 'ann@example.org', at: '2026-01-31T09:00:00Z' },
  }),
} as const;

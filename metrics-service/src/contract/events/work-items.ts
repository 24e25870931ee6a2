import { z } from 'zod';
import { eventType } from '../event-type.js';
import { text, url, words } from '../holds.js';
import { itemId, name, oneOf, optionalItemId, optionalName, optionalOneOf, time } from '../values.js';

/** What became of a work item, as a review says. */
export const QUALITIES = ['passed', 'rework_requested', 'failed'] as const;
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

/** What somebody asked for and keeps track of, and when an agent called for a person. */
export const workItemEvents = {
  'work_item.upserted': eventType({
    says: 'What a work item is: its type, title and page, its project, what it is part of (`parentId`: an epic).',
    moment: null,
    data: z.object({
      workItemId: itemId,
      type: optionalName,
      title: words,
      url,
      project: optionalName,
      parentId: optionalItemId,
      createdAt: time.nullish(),
    }),
    example: {
      workItemId: 'MIN-123',
      type: 'bug',
      title: 'Totals are off by one',
      project: 'web',
      parentId: 'MIN-100',
    },
  }),
  'work_item.closed': eventType({
    says: 'A work item was closed; it may say with what quality. It is closed if its latest closing is later than its latest reopening.',
    moment: 'closedAt',
    data: z.object({ workItemId: itemId, closedAt: time, quality: optionalOneOf(QUALITIES) }),
    example: { workItemId: 'MIN-123', closedAt: '2026-02-02T15:00:00Z', quality: 'passed' },
  }),
  'work_item.reopened': eventType({
    says: 'A work item was opened again.',
    moment: 'at',
    data: z.object({ workItemId: itemId, at: time }),
    example: { workItemId: 'MIN-123', at: '2026-02-03T08:00:00Z' },
  }),
  'work_item.reviewed': eventType({
    says: 'What a review said of a work item, without closing it.',
    moment: 'at',
    data: z.object({ workItemId: itemId, at: time, quality: oneOf(QUALITIES) }),
    example: { workItemId: 'MIN-123', at: '2026-02-02T11:00:00Z', quality: 'rework_requested' },
  }),
  'escalation.recorded': eventType({
    says: 'An agent called for a person. The text is kept only where the organization wants it.',
    moment: 'occurredAt',
    data: z.object({
      escalationId: name,
      occurredAt: time,
      severity: oneOf(SEVERITIES),
      category: optionalName,
      workItemId: optionalItemId,
      sessionId: optionalName,
      runId: optionalName,
      agent: optionalName,
      text,
    }),
    example: {
      escalationId: 'e-1',
      occurredAt: '2026-01-31T09:08:00Z',
      severity: 'high',
      category: 'access',
      runId: 'r-1',
    },
  }),
  'escalation.resolved': eventType({
    says: 'An escalation was dealt with.',
    moment: 'at',
    data: z.object({ escalationId: name, at: time }),
    example: { escalationId: 'e-1', at: '2026-01-31T10:00:00Z' },
  }),
} as const;

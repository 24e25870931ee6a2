import { entity } from './entity.js';

/** What was said of it counts by the moment that it is about: the latest closing, the latest word of each quality. */
const of = (quality: string) => (said: { quality?: string | null; at: number }) =>
  said.quality === quality ? said.at : undefined;
const ofClosing = (quality: string) => (said: { quality?: string | null; closedAt: number }) =>
  of(quality)({ quality: said.quality, at: said.closedAt });

export const workItem = entity('work_item', {
  table: 'work_items',
  id: 'workItemId',
  plural: 'workItems',
  fields: {
    type: [0, 'text'],
    title: [1, 'text'],
    url: [2, 'text'],
    project: [3, 'text'],
    parent_id: [4, 'text'],
    created_at: [5, 'timestamptz'],
    // that there is such an item, whatever else is said of it
    known: [6, {}],
    closed_at: [7, 'timestamptz', 'greatest'],
    reopened_at: [8, 'timestamptz', 'greatest'],
    passed_at: [9, 'timestamptz', 'greatest'],
    rework_requested_at: [10, 'timestamptz', 'greatest'],
    failed_at: [11, 'timestamptz', 'greatest'],
  },
  derived: { epic_id: 'text' },
  moments: ['created_at', 'closed_at', 'reopened_at', 'passed_at', 'rework_requested_at', 'failed_at'],
  belongsTo: [],
  events: {
    upserted: {
      known: {},
      type: 'type',
      title: 'title',
      url: 'url',
      project: 'project',
      parent_id: 'parentId',
      created_at: 'createdAt',
    },
    closed: {
      closed_at: 'closedAt',
      passed_at: ofClosing('passed'),
      rework_requested_at: ofClosing('rework_requested'),
      failed_at: ofClosing('failed'),
    },
    reopened: { reopened_at: 'at' },
    reviewed: { passed_at: of('passed'), rework_requested_at: of('rework_requested'), failed_at: of('failed') },
  },
});

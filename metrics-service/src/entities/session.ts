import { repositoryName } from '../contract/repository.js';
import { entity } from './entity.js';

/** Whose word on a session's work item counts more: what says nothing of it weighs 0, as all other fields do. */
const WEIGHTS = { hand: 1, event: 0, telemetry: -1, correlation: -2, importer: -3, pattern: -4 } as const;

export const session = entity('session', {
  table: 'sessions',
  id: 'sessionId',
  plural: 'sessions',
  fields: {
    deleted: [0, {}],
    created_by_user_id: [1, 'text'],
    created_at: [2, 'timestamptz'],
    repo: [3, 'text'],
    workspace: [4, 'text'],
    runtime: [5, 'text'],
    title: [6, 'text'],
    branch: [7, 'text'],
    parent_session_id: [8, 'text'],
    work_item_id: [9, 'text'],
    url: [10, 'text'],
    seen_at: [11, 'timestamptz'],
    ended: [12, { ended_at: 'timestamptz', ended_status: 'text', ended_failure_category: 'text' }],
    settled_through: [13, 'timestamptz'],
    stage: [14, 'text'],
    linked_at: [15, 'timestamptz'],
  },
  weighed: {
    field: 'work_item_id',
    weights: { seen: WEIGHTS.telemetry, linked: ({ by }) => WEIGHTS[by || 'event'] },
  },
  // `branch_work_item_id`: the work item that the branch names by the organization's pattern, where nobody stated one
  derived: { hidden: 'boolean', branch_work_item_id: 'text' },
  moments: ['created_at', 'seen_at', 'ended_at', 'settled_through', 'linked_at'],
  belongsTo: [],
  person: 'created_by_user_id',
  events: {
    created: {
      created_by_user_id: 'createdByUserId',
      created_at: 'createdAt',
      repo: ({ repo }) => repo && repositoryName(repo),
      workspace: 'workspace',
      runtime: 'runtime',
      title: 'title',
      branch: 'branch',
      parent_session_id: 'parentSessionId',
      work_item_id: 'workItemId',
      stage: 'stage',
      url: 'url',
    },
    seen: {
      created_by_user_id: 'userId',
      repo: ({ repo }) => repo && repositoryName(repo),
      workspace: 'workspace',
      runtime: 'runtime',
      branch: 'branch',
      work_item_id: 'workItemId',
      seen_at: 'at',
    },
    ended: { ended: { ended_at: 'at', ended_status: 'status', ended_failure_category: 'failureCategory' } },
    settled: { settled_through: 'through' },
    linked: { work_item_id: 'workItemId', stage: 'stage', linked_at: 'at' },
    deleted: { deleted: {} },
  },
});

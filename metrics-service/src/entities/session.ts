import { repositoryName } from '../contract/repository.js';
import { entity } from './entity.js';

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
  },
  derived: { hidden: 'boolean' },
  moments: ['created_at'],
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
      url: 'url',
    },
    deleted: { deleted: {} },
  },
});

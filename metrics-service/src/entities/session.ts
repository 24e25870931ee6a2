import { entity } from './entity.js';

export const session = entity({
  table: 'sessions',
  idColumn: 'session_id',
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
  },
  derived: { hidden: 'boolean' },
});

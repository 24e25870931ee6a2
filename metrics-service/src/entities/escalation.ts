import { entity } from './entity.js';

export const escalation = entity('escalation', {
  table: 'escalations',
  id: 'escalationId',
  plural: 'escalations',
  fields: {
    session_id: [0, 'text'],
    run_id: [1, 'text'],
    work_item_id: [2, 'text'],
    occurred_at: [3, 'timestamptz'],
    severity: [4, 'text'],
    category: [5, 'text'],
    agent: [6, 'text'],
    text: [7, 'text'],
    resolved_at: [8, 'timestamptz'],
  },
  derived: {},
  moments: ['occurred_at', 'resolved_at'],
  belongsTo: ['run', 'session'],
  events: {
    recorded: {
      session_id: 'sessionId',
      run_id: 'runId',
      work_item_id: 'workItemId',
      occurred_at: 'occurredAt',
      severity: 'severity',
      category: 'category',
      agent: 'agent',
      text: 'text',
    },
    resolved: { resolved_at: 'at' },
  },
});

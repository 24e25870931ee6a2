import { idOf, textOf as storable } from '../importers/names.js';
import type { RecordContext } from './context.js';
import type { Mapped } from './records.js';
import { isoOf } from '../iso.js';

/** A prompt starts the run with its key, whose end nobody will state, and is a message, with its text if that is told. */
export function mapPromptOf(context: RecordContext, key: string | null, text: string | null): Mapped {
  const { sessionId, atMs, userIds } = context;
  const at = isoOf(atMs);
  const [userId] = userIds;
  return context.mapped([
    context.event('run.started', {
      ...{ key, sessionId, userId, startedAt: at, endIsDerived: true },
      ...context.platform,
    }),
    context.event('message.created', {
      messageId: idOf(`key:${key}`),
      ...{ key, sessionId, userId, role: 'user', sentAt: at },
      text: text === null ? null : storable(text),
    }),
  ]);
}

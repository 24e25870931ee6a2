import { type ImportedEvent, makeEvent } from './events.js';

/** Links the sessions that these events create to a work item, by the least of words: whoever knows better is believed. */
export function linksOf(events: readonly ImportedEvent[], workItemId: string): ImportedEvent[] {
  return events
    .filter(({ type }) => type === 'session.created')
    .map(({ source, data }) => {
      const { sessionId, createdAt } = data as { sessionId: string; createdAt: string };
      const said = { sessionId, workItemId, at: createdAt, by: 'importer' };
      return makeEvent(source, 'session.linked', Date.parse(createdAt), said);
    });
}

import type { LogRecord } from './records.js';
import { textOf } from './values.js';

/** What a log record is called; '' for none. A body may be a text that somebody wrote: only a short word is a name. */
export function logName({ eventName, attributes, body }: LogRecord): string {
  const name = textOf(attributes['event.name']) ?? textOf(eventName);
  const word = textOf(body);
  return name ?? (word !== null && /^[\w.:-]{1,80}$/.test(word) ? word : '');
}

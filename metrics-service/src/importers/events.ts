import { hash } from 'node:crypto';
import type { CloudEvent } from '../contract/cloud-event.js';
import type { EventType } from '../contract/events.js';
import { EARLIEST_TIME_MS, LATEST_TIME_MS } from '../contract/values.js';
import { isoOf } from '../iso.js';

/** An event made by an importer: it always has a `time`. */
export type ImportedEvent = CloudEvent;

/**
 * Makes an event whose id is derived from its content, so that importing it again counts once. `seq` grows with what is
 * known: of two events with the same `time` the more complete one has the greater id, and wins. A `seq` that is a text
 * is compared as text.
 */
export function makeEvent(
  source: string,
  type: EventType,
  timeMs: number,
  data: Record<string, unknown>,
  seq?: number | string,
): ImportedEvent {
  const time = isoTime(timeMs);
  const dataText = JSON.stringify(data);
  const digest = hash('sha256', `["${type}","${time}",${dataText}]`).slice(0, 32);
  const id = seq === undefined ? `${type}:${digest}` : `${type}:${String(seq).padStart(12, '0')}:${digest}`;
  return new MadeEvent('1.0', id, source, type, time, data, dataText);
}

/** Keeps the text of its data, which is needed for its id and again when it is sent. */
class MadeEvent implements CloudEvent {
  readonly #dataText: string;

  constructor(
    readonly specversion: '1.0',
    readonly id: string,
    readonly source: string,
    readonly type: EventType,
    readonly time: string,
    readonly data: Record<string, unknown>,
    dataText: string,
  ) {
    this.#dataText = dataText;
  }

  static textOf(event: ImportedEvent): string {
    if (!(#dataText in event)) return JSON.stringify(event);
    const { id, source, type, time } = event;
    return `{"specversion":"1.0","id":${JSON.stringify(id)},"source":${JSON.stringify(source)},"type":"${type}","time":"${time}","data":${event.#dataText}}`;
  }
}

/** An event as JSON. */
export const jsonOf = MadeEvent.textOf;

/**
 * Makes a `session.created`. Copies in other files begin later, and a title comes with time: all of a session's events
 * carry one time, so that the number in the id decides: the earliest start first, then whether the file is the session's
 * own, then the most titles. Whatever else is said of it wins.
 */
export function makeSession(
  source: string,
  data: Record<string, unknown>,
  firstAtMs: number,
  titles: number,
  own = true,
): ImportedEvent {
  const seq = `${String(LATEST_TIME_MS - firstAtMs).padStart(13, '0')}.${own ? 1 : 0}.${String(titles).padStart(6, '0')}`;
  return makeEvent(source, 'session.created', EARLIEST_TIME_MS, data, seq);
}

export function isoTime(ms: number): string {
  return isoOf(ms);
}

import { RUN_ATTRIBUTES, type SentEvent, SESSION_ATTRIBUTES } from '../oracle/types.js';

/** Stands in every text of the neighbour, and in nothing else. */
export const CANARY = 'canary';

const IDS = new Set('sessionId runId userId createdByUserId messageId callId handoffId parentSessionId'.split(' '));
const TEXTS = new Set([
  ...'name email team title text model agent errorSummary phase'.split(' '),
  ...Object.values({ ...SESSION_ATTRIBUTES, ...RUN_ATTRIBUTES }),
]);

const CLOSED: Readonly<Record<string, string>> = { count: 'name', user: 'role', message: 'role' };

/** Half of the ids are those of others, too. */
function idOf(id: string): string {
  const isShared = [...id].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % 2 === 0;
  return isShared || id === '' ? id : `${CANARY}-${id}`;
}

function marked(value: unknown, member = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => marked(one, member));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, marked(one, name)]));
  }
  if (typeof value !== 'string' || value === '') return value;
  if (IDS.has(member)) return idOf(value);
  return TEXTS.has(member) ? `${CANARY} ${value}`.replace(' ', member === 'email' ? '.' : ' ') : value;
}

/** The same events as another organization sends them: about things of which half have the same ids, all called otherwise. */
export function ofNeighbour(events: readonly SentEvent[]): SentEvent[] {
  return events.map((event) => {
    const data = marked(event.data) as SentEvent['data'];
    // what is counted, and the role of a user or message, are each one of a closed list
    const closed = CLOSED[event.type.split('.')[0]!];
    return { ...event, data: closed && closed in data ? { ...data, [closed]: event.data[closed] } : data };
  });
}

/** All ids, names and other texts that events say, by the member that says them. */
export function textsOf(events: readonly SentEvent[]): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  const collect = (value: unknown, member: string): void => {
    if (typeof value === 'string' && value !== '') found.set(member, (found.get(member) ?? new Set()).add(value));
    else if (Array.isArray(value)) for (const one of value) collect(one, member);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value)) collect(one, name);
    }
  };
  for (const { data } of events) collect(data, '');
  return new Map([...found].map(([member, texts]) => [member, [...texts].sort()]));
}

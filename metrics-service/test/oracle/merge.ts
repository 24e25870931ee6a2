import { aliasesOf } from './persons.js';
import type { Around } from './ends.js';
import { toldBy } from './live.js';
import { readEscalation, readWorkItem, sayWorkItem, workItemOf } from './work-items.js';
import { deriveRun, isBetterTold } from './runs.js';
import { readToolCall } from './tools.js';
import { spanTree } from './spans.js';
import { countingCalls, placeCall, type Placed, runWithKey, uniteRuns } from './told-twice.js';
import { type Attributes, type Moment, type PriceOf, type SentEvent, SESSION_ATTRIBUTES, type World } from './types.js';
import { compareText, instant, repoName } from './values.js';

export interface Stamp {
  rank: number;
  time: number;
  id: string;
  source: string;
}

/** What the events say about one entity: for each field the greatest event that names it. */
export class Entity {
  readonly fields = new Map<string, { stamp: Stamp; value: unknown }>();
  /** the latest run.completed, whole */
  outcome: { stamp: Stamp; data: Record<string, unknown> } | undefined;
  /** the latest of each, whole: what its events say together */
  private readonly wholes = new Map<string, { stamp: Stamp; data: Record<string, unknown> }>();
  /** what was said of a work item, in whatever order */
  readonly history: { type: string; data: Record<string, unknown> }[] = [];
  private latestWord: Stamp | undefined;
  private latestDeletion: Stamp | undefined;

  constructor(readonly id: string) {}

  say(stamp: Stamp, field: string, value: unknown): void {
    if (value === null || value === undefined) return;
    const before = this.fields.get(field);
    if (field === 'begunAt') {
      const isEarlier = !before || instant(value as string) < instant(before.value as string);
      if (isEarlier) this.fields.set(field, { stamp, value });
      return;
    }
    // the latest moment, whoever said it
    if (field === 'toldAt' && before && (before.value as number) >= (value as number)) return;
    if (field === 'toldAt' || !before || greater(stamp, before.stamp)) this.fields.set(field, { stamp, value });
  }

  complete(stamp: Stamp, data: Record<string, unknown>): void {
    if (!this.outcome || greater(stamp, this.outcome.stamp)) this.outcome = { stamp, data };
  }

  whole(stamp: Stamp, name: string, data: Record<string, unknown>): void {
    const known = this.wholes.get(name);
    if (!known || greater(stamp, known.stamp)) this.wholes.set(name, { stamp, data });
  }

  /** The latest run.errored, run.stopped, session.ended. */
  get error(): Record<string, unknown> | undefined {
    return this.wholes.get('run.errored')?.data;
  }

  get stop(): Record<string, unknown> | undefined {
    return this.wholes.get('run.stopped')?.data;
  }

  get end(): Record<string, unknown> | undefined {
    return this.wholes.get('session.ended')?.data;
  }

  mentioned(stamp: Stamp): void {
    if (!this.latestWord || greater(stamp, this.latestWord)) this.latestWord = stamp;
  }

  deleted(stamp: Stamp): void {
    if (!this.latestDeletion || greater(stamp, this.latestDeletion)) this.latestDeletion = stamp;
  }

  /** What another one says of the same. */
  include(other: Entity): void {
    for (const [field, { stamp, value }] of other.fields) this.say(stamp, field, value);
    if (other.outcome) this.complete(other.outcome.stamp, other.outcome.data);
    for (const [name, { stamp, data }] of other.wholes) this.whole(stamp, name, data);
    if (other.latestWord) this.mentioned(other.latestWord);
    if (other.latestDeletion) this.deleted(other.latestDeletion);
  }

  copy(): Entity {
    const copy = new Entity(this.id);
    copy.include(this);
    return copy;
  }

  get isDeleted(): boolean {
    if (!this.latestDeletion) return false;
    return !this.latestWord || greater(this.latestDeletion, this.latestWord);
  }

  /** A text; "" was said to clear it. */
  text(field: string): string | null {
    const value = this.fields.get(field)?.value;
    return value === undefined || value === '' ? null : (value as string);
  }

  attributes<Members extends Record<string, string>>(members: Members): Attributes<Members> {
    const texts = Object.entries(members).map(([dimension, member]) => [dimension, this.text(member)]);
    return Object.fromEntries(texts) as Attributes<Members>;
  }

  time(field: string): number | null {
    const value = this.fields.get(field)?.value;
    return value === undefined ? null : instant(value as string);
  }

  value(field: string): unknown {
    return this.fields.get(field)?.value ?? null;
  }
}

function greater(a: Stamp, b: Stamp): boolean {
  if (a.rank !== b.rank) return a.rank > b.rank;
  if (a.time !== b.time) return a.time > b.time;
  if (a.id !== b.id) return compareText(a.id, b.id) > 0;
  return compareText(a.source, b.source) > 0;
}

/** What metrics are made of: event type -> the entity it is about, the member with its id, the member that is its own moment. */
const TYPES: Record<string, [kind: string, idMember: string, moment: string | null]> = {
  'user.upserted': ['user', 'userId', null],
  'session.created': ['session', 'sessionId', 'createdAt'],
  'session.seen': ['session', 'sessionId', 'at'],
  'session.ended': ['session', 'sessionId', 'at'],
  'session.settled': ['session', 'sessionId', 'through'],
  'session.linked': ['session', 'sessionId', 'at'],
  'work_item.upserted': ['work item', 'workItemId', null],
  'work_item.closed': ['work item', 'workItemId', 'closedAt'],
  'work_item.reopened': ['work item', 'workItemId', 'at'],
  'work_item.reviewed': ['work item', 'workItemId', 'at'],
  'escalation.recorded': ['escalation', 'escalationId', 'occurredAt'],
  'escalation.resolved': ['escalation', 'escalationId', 'at'],
  'message.created': ['message', 'messageId', 'sentAt'],
  'run.queued': ['run', 'runId', 'queuedAt'],
  'run.started': ['run', 'runId', 'startedAt'],
  'run.seen': ['run', 'runId', 'at'],
  'run.progressed': ['run', 'runId', 'at'],
  'run.errored': ['run', 'runId', 'at'],
  'run.stopped': ['run', 'runId', 'at'],
  'run.completed': ['run', 'runId', 'completedAt'],
  'llm_call.recorded': ['call', 'callId', 'at'],
  'tool_call.recorded': ['tool', 'toolCallId', 'startedAt'],
  'handoff.created': ['handoff', 'handoffId', 'occurredAt'],
  'run.deleted': ['run', 'runId', null],
  'session.deleted': ['session', 'sessionId', null],
};

function read(event: SentEvent): { kind: string; entityId: string; stamp: Stamp } {
  const [kind, idMember, moment] = TYPES[event.type] ?? ['other', 'id', null];
  const time = event.time ?? (moment === null ? undefined : (event.data[moment] ?? event.data.completedAt));
  if (typeof time !== 'string') throw new Error(`${event.type} must carry its time`);
  return {
    kind,
    entityId: (event.data[idMember] ?? `key:${event.data.key as string}`) as string,
    stamp: { rank: event.runboardrank ?? 1, time: instant(time), id: event.id, source: event.source },
  };
}

/**
 * The world that a list of accepted events describes, in whatever order and with whatever copies they stand there; all were
 * received at once.
 */
export function merge(events: SentEvent[], priceOf: PriceOf, receivedAt = Infinity): World {
  const entities = new Map<string, Map<string, Entity>>();
  for (const kind of [
    'user',
    'session',
    'message',
    'run',
    'call',
    'tool',
    'handoff',
    'work item',
    'escalation',
    'other',
  ])
    entities.set(kind, new Map());
  const entity = (kind: string, id: string): Entity => {
    const ofKind = entities.get(kind)!;
    if (!ofKind.has(id)) ofKind.set(id, new Entity(id));
    return ofKind.get(id)!;
  };
  const all = (kind: string): Entity[] => [...entities.get(kind)!.values()];

  let firstEventAt: number | null = null;
  let newestEventAt: number | null = null;
  const sources = new Map<string, number>();
  for (const event of events) {
    const { kind, entityId, stamp } = read(event);
    firstEventAt = Math.min(firstEventAt ?? stamp.time, stamp.time);
    newestEventAt = Math.max(newestEventAt ?? stamp.time, stamp.time);
    sources.set(event.source, Math.max(sources.get(event.source) ?? stamp.time, stamp.time));
    const about = entity(kind, entityId);
    if (event.type.endsWith('.deleted')) {
      about.deleted(stamp);
      about.say(stamp, 'key', event.data.key);
      continue;
    }
    about.mentioned(stamp);
    about.say(stamp, 'toldAt', toldBy(event, receivedAt));
    if (kind === 'session') sayWorkItem(about, event, stamp);
    if (kind === 'work item') about.history.push({ type: event.type, data: event.data });
    if (event.type === 'run.completed') {
      about.complete(stamp, event.data);
      about.say(stamp, 'sessionId', event.data.sessionId);
      about.say(stamp, 'startedAt', event.data.startedAt);
      about.say(stamp, 'key', event.data.key);
    } else if (event.type === 'session.seen') {
      const { userId, ...said } = event.data;
      about.say(stamp, 'createdByUserId', userId);
      for (const [field, value] of Object.entries(said)) about.say(stamp, field, value);
    } else if (['run.errored', 'run.stopped', 'session.ended'].includes(event.type)) {
      about.whole(stamp, event.type, event.data);
      about.say(stamp, 'key', event.data.key);
    } else if (event.type === 'run.seen') {
      const { at: progressedAt, startedAt: begunAt, sessionId: seenSessionId, key } = event.data;
      const said = { progressedAt, begunAt, seenSessionId, key, endIsDerived: true };
      for (const [field, value] of Object.entries(said)) about.say(stamp, field, value);
    } else if (event.type === 'run.progressed') {
      const { at: progressedAt, ...said } = event.data;
      for (const [field, value] of Object.entries({ ...said, progressedAt })) about.say(stamp, field, value);
    } else {
      for (const [field, value] of Object.entries(event.data)) about.say(stamp, field, value);
    }
  }

  const trees = new Map(
    [...new Set(all('run').map((run) => run.value('key')))].map((key) => [
      key,
      key === null
        ? null
        : spanTree(
            all('run').filter((run) => run.value('key') === key),
            all('tool').filter((tool) => tool.value('key') === key),
          ),
    ]),
  );
  const { runs, meant } = uniteRuns(all('run'), (id) => new Entity(id), trees);
  const sessionOfMessage = (message: Entity): string | null =>
    runWithKey(runs, message)?.text('sessionId') ?? message.text('sessionId');

  const recorded = new Set(all('user').map(({ id }) => id));
  // Sessions, runs and users known only by reference exist, with empty attributes.
  for (const kind of ['run', 'message', 'handoff', 'call']) {
    for (const one of all(kind)) {
      const sessionId = one.text('sessionId');
      if (sessionId !== null) entity('session', sessionId);
    }
  }
  for (const run of runs) if (run.text('sessionId') !== null) entity('session', run.text('sessionId')!);
  for (const run of all('run')) if (run.text('userId') !== null) entity('user', run.text('userId')!);
  for (const session of all('session')) {
    if (session.text('createdByUserId') !== null) entity('user', session.text('createdByUserId')!);
  }

  const aliases = aliasesOf(all('user'), greater);
  const person = (id: string | null): string | null => (id === null ? null : (aliases.get(id) ?? id));

  const sessions = new Map(
    all('session').map((one) => [
      one.id,
      {
        id: one.id,
        creator: person(one.text('createdByUserId')),
        attributes: { ...one.attributes(SESSION_ATTRIBUTES), repo: repoName(one.text('repo')) },
        url: one.text('url'),
        hidden: one.isDeleted,
        workItem: workItemOf(one),
        stage: one.text('stage'),
      },
    ]),
  );
  const users = new Map(
    [...new Set(all('user').map(({ id }) => person(id)!))].map((id) => {
      const one = entity('user', id);
      const ids = all('user').filter((user) => person(user.id) === id);
      return [
        id,
        {
          id,
          name: one.text('name'),
          email: one.text('email'),
          team: one.text('team'),
          role: one.text('role'),
          kind: one.text('kind'),
          isRecorded: ids.some((user) => recorded.has(user.id)),
          emails: ids.flatMap((user) => user.text('email') ?? []),
        },
      ];
    }),
  );
  // a message whose id was made of its key gives way to one of that key and role that has an id of its own
  const isMade = ({ id }: Entity): boolean => id.startsWith('key:');
  const othersOf = (run: Entity): Entity[] =>
    runs.filter(
      (other) => other !== run && other.text('sessionId') !== null && other.text('sessionId') === run.text('sessionId'),
    );
  // and any to the runs that tell of the same better
  const isSuperseded = (one: Entity): boolean => {
    if (one.text('key') === null) return false;
    const run = runWithKey(runs, one);
    if (run && isBetterTold(run, { others: othersOf(run) }, sessions)) return true;
    return (
      isMade(one) &&
      all('message').some(
        (other) => !isMade(other) && other.text('key') === one.text('key') && other.text('role') === one.text('role'),
      )
    );
  };
  const moments = (kind: string, time: string): Moment[] =>
    all(kind).flatMap((one) => {
      const session = kind === 'message' ? sessionOfMessage(one) : one.text('sessionId');
      // known by the key of a run that nobody spoke of
      if (session === null || (kind === 'message' && isSuperseded(one))) return [];
      return {
        id: one.id,
        session,
        user: person(one.text('userId')),
        at: one.time(time)!,
        hidden: sessions.get(session)!.hidden,
      };
    });

  const isHidden = ({ runId, session }: Placed): boolean => {
    const run = runId === null ? undefined : runs.find(({ id }) => id === runId);
    const ofSession = run ? run.text('sessionId') : session;
    return run?.isDeleted === true || (ofSession !== null && sessions.get(ofSession)?.hidden === true);
  };
  // what lies in another agent than the run's own was made in its phase
  const inPhase = (call: Entity): Entity => {
    const tree = trees.get(call.value('key')) ?? null;
    const agent = tree?.agentOf(call) ?? null;
    const phase = agent === null || agent === tree!.main ? null : (agent.text('agent') ?? agent.text('workflow'));
    if (phase === null || call.text('phase') !== null) return call;
    const copy = call.copy();
    copy.fields.set('phase', { stamp: { rank: 0, time: 0, id: '', source: '' }, value: phase });
    return copy;
  };
  const placed = all('call').map((call) => placeCall(inPhase(call), runs, meant));
  const callsOf = new Map<string | null, Entity[]>();
  for (const { call, runId } of countingCalls(placed, isHidden, priceOf)) {
    callsOf.set(runId, [...(callsOf.get(runId) ?? []), call]);
  }
  const toolCalls = all('tool').map((call) => ({ call, runId: placeCall(call, runs, meant).runId }));
  const around = (run: Entity): Around => ({
    session: run.text('sessionId') === null ? null : (entities.get('session')!.get(run.text('sessionId')!) ?? null),
    calls: callsOf.get(run.id) ?? [],
    allCalls: placed.filter(({ runId }) => runId === run.id).map(({ call }) => call),
    toolCalls: toolCalls.filter(({ runId }) => runId === run.id).map(({ call }) => call),
    answers: all('message').filter(
      (one) => one.value('key') !== null && one.value('key') === run.value('key') && one.text('role') === 'agent',
    ),
    others: othersOf(run),
  });
  const derived = runs
    .map((run) => deriveRun(run, around(run), sessions, priceOf))
    .map((run) => ({ ...run, user: person(run.user) }));
  return {
    users,
    aliases,
    sessions,
    runs: derived,
    workItems: new Map(all('work item').map((one) => [one.id, readWorkItem(one, all('work item'))])),
    toolCalls: toolCalls.map((one) => readToolCall(one, { runs: derived, sessions })),
    escalations: all('escalation').flatMap((one) => readEscalation(one, { runs: derived, meant, sessions })),
    messages: moments('message', 'sentAt'),
    handoffs: moments('handoff', 'occurredAt'),
    firstEventAt,
    newestEventAt,
    sources,
  };
}

import { aliasesOf } from './persons.js';
import { readWord, type Word } from './budget-words.js';
import type { Around } from './ends.js';
import { Entity, greater } from './entity.js';
import { readEvent } from './event-types.js';
import { toldBy } from './live.js';
import { readEscalation, readWorkItem, sayWorkItem, workItemOf } from './work-items.js';
import { deriveRun, isBetterTold } from './runs.js';
import { readToolCall } from './tools.js';
import { spanTree } from './spans.js';
import { countingCalls, placeCall, type Placed, runWithKey, uniteRuns } from './told-twice.js';
import { type Moment, type PriceOf, type SentEvent, SESSION_ATTRIBUTES, type World } from './types.js';
import { repoName } from './values.js';

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
  const budgets = new Map<string, Word[]>();
  for (const event of events) {
    const { kind, entityId, stamp } = readEvent(event);
    firstEventAt = Math.min(firstEventAt ?? stamp.time, stamp.time);
    newestEventAt = Math.max(newestEventAt ?? stamp.time, stamp.time);
    if (event.type.startsWith('budget.')) {
      const id = event.data.budgetId as string;
      budgets.set(id, [...(budgets.get(id) ?? []), readWord(event, stamp)]);
      continue;
    }
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
      if ((said.usage as unknown[] | null | undefined)?.length) about.usages.push({ stamp, data: event.data });
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
    budgets,
  };
}

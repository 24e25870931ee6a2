/** Who asks: a token, and on whose behalf. */
export interface Asker {
  readonly name: string;
  /** whose token; null: none at all */
  readonly token: 'whole' | 'sender' | 'reader' | 'neighbour' | 'made up' | null;
  readonly headers: Record<string, string>;
  /** what no answer to them may hold */
  readonly never: RegExp;
}

/** Stands in all that is the neighbour's, and in nothing else. */
export const NEIGHBOURS = 'canary-neighbour';
/** In all that Bob of another team did; and in what tells of single people and sessions, his or not. */
export const BOBS = 'canary-bob';
export const SINGLE = 'canary-single';
/** In everything else that the organization has. */
export const OURS = 'canary-ours';

const viewer = (kind: string, more: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries({ kind, ...more }).map(([name, value]) => [`x-runboard-viewer-${name}`, value]));
const person = (email: string, more: Record<string, string> = {}) =>
  viewer('user', { email, login: email, auth: 'oauth_generic_oauth', role: 'Viewer', ...more });
const never = (...canaries: string[]): RegExp => new RegExp(canaries.join('|'), 'i');

const NOTHING = never(NEIGHBOURS, BOBS, SINGLE, OURS);
const TOTALS = never(NEIGHBOURS, SINGLE);
const ALL = never(NEIGHBOURS);
const TEAM = never(NEIGHBOURS, BOBS);

/** Viewers of every kind, and tokens of every kind. Ann is a member of the team core, Lea its manager, Bob is of another. */
export const ASKERS: readonly Asker[] = [
  { name: 'the token itself', token: 'whole', headers: {}, never: ALL },
  { name: 'a member', token: 'whole', headers: person('ann@example.com'), never: TEAM },
  { name: 'a manager', token: 'whole', headers: person('lea@example.com'), never: ALL },
  { name: 'an administrator', token: 'whole', headers: person('x@example.com', { role: 'Admin' }), never: ALL },
  { name: 'a stranger', token: 'whole', headers: person('eve@example.com'), never: NOTHING },
  {
    name: 'a member unvouched for',
    token: 'whole',
    headers: person('ann@example.com', { auth: 'password' }),
    never: NOTHING,
  },
  { name: 'two people', token: 'whole', headers: person('ann@example.com, lea@example.com'), never: NOTHING },
  { name: 'a name with a blank', token: 'whole', headers: person('lea@example.com\u00a0'), never: NOTHING },
  { name: 'an alert rule', token: 'whole', headers: viewer('alert', { role: 'Admin' }), never: TOTALS },
  { name: 'a service account', token: 'whole', headers: viewer('service-account', { role: 'Admin' }), never: TOTALS },
  { name: 'nobody', token: 'whole', headers: viewer('anonymous', { role: 'Admin' }), never: NOTHING },
  { name: 'a public board', token: 'whole', headers: viewer('public', { role: 'Admin' }), never: NOTHING },
  { name: 'an unknown kind', token: 'whole', headers: viewer('root', { role: 'Admin' }), never: NOTHING },
  { name: 'headers without a kind', token: 'whole', headers: { 'x-runboard-viewer-role': 'Admin' }, never: NOTHING },
  { name: 'a reader', token: 'reader', headers: {}, never: ALL },
  { name: 'a reader who speaks for others', token: 'reader', headers: person('lea@example.com'), never: NOTHING },
  { name: 'a sender', token: 'sender', headers: {}, never: NOTHING },
  { name: 'the neighbour', token: 'neighbour', headers: {}, never: never(BOBS, SINGLE, OURS) },
  {
    name: 'the neighbour as Ann',
    token: 'neighbour',
    headers: person('ann@example.com'),
    never: never(BOBS, SINGLE, OURS),
  },
  { name: 'a made-up token', token: 'made up', headers: {}, never: NOTHING },
  { name: 'no token', token: null, headers: {}, never: NOTHING },
];

/** The events of two organizations whose things have the same ids, where ids are not canaries. */
export function eventsOf(canaries: { single: string; bob: string; ours: string }, nowMs: number): object[] {
  const { single, bob, ours } = canaries;
  const at = (minute: number): string => new Date(nowMs - 3_600_000 + minute * 60_000).toISOString();
  let ids = 0;
  const event = (type: string, minute: number, data: object) => ({
    ...{ specversion: '1.0', id: `seed-${(ids += 1)}`, source: 'seed', type, time: at(minute), data },
  });
  const people = [
    { userId: `${single}-ann`, email: 'ann@example.com', name: `${single} Ann`, team: `${ours}-core` },
    { userId: `${single}-lea`, email: 'lea@example.com', name: `${single} Lea`, team: `${ours}-core`, role: 'manager' },
    { userId: `${single}-${bob}`, email: `${bob}@example.com`, name: `${single} ${bob}`, team: `${bob}-team` },
  ];
  const words = [ours, ours, bob];
  return people.flatMap((who, index) => {
    const [word, user] = [words[index]!, who.userId];
    const [sessionId, runId] = [`${single}-${word}-s${index}`, `${single}-${word}-r${index}`];
    return [
      event('user.upserted', 0, who),
      event('session.created', 1, {
        ...{ sessionId, createdByUserId: user, createdAt: at(1), repo: `${word}-repo`, workspace: `${word}-workspace` },
        ...{ runtime: `${word}-runtime`, title: `${single} ${word} title`, branch: `${single}-${word}-branch` },
      }),
      event('message.created', 2, {
        ...{ messageId: `${single}-${word}-m${index}`, sessionId, role: 'user', sentAt: at(2), userId: user },
        text: `${single} ${word} text`,
      }),
      event('run.started', 3, {
        ...{ runId, sessionId, userId: user, startedAt: at(3), model: `${word}-model`, agent: `${word}-agent` },
        taskType: `${word}-task`,
      }),
      event('run.completed', 9, {
        ...{ runId, completedAt: at(9), status: 'FAILED', failureCategory: 'tool_error', costUsd: '1' },
        ...{
          errorSummary: `${single} ${word} error`,
          phases: [{ name: `${word}-phase`, startedAt: at(3), completedAt: at(8) }],
        },
      }),
      event('llm_call.recorded', 4, {
        ...{ callId: `${single}-${word}-c${index}`, sessionId, runId, at: at(4), model: `${word}-model` },
        usage: { inputTokens: 10, outputTokens: 5 },
      }),
      event('handoff.created', 10, {
        ...{
          handoffId: `${single}-${word}-h${index}`,
          sessionId,
          userId: user,
          occurredAt: at(10),
          method: 'TELEPORT',
        },
      }),
    ];
  });
}

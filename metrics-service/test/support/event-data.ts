import { SESSION_ATTRIBUTES } from '../oracle/types.js';
import { type Data, type RandomFields, WORLD } from './random-fields.js';
import { CATEGORIES, runData, spanOf, STATUSES } from './run-data.js';

const METHODS = ['TELEPORT', 'OPEN_IN_CLI', 'DOWNLOAD_PATCH'];
const HOUR = 3_600_000;

/** The data of a random event of a type, and its moment. */
export function eventData(fields: RandomFields, type: string): [data: Data, moment: number] {
  const { random } = fields;
  const at = fields.at();
  const now = fields.text(at);
  const sessionId = random.pick(WORLD.sessions);
  const runId = random.pick(WORLD.runs);
  const userId = fields.optional(WORLD.users);
  const key = random.chance(0.15) ? random.pick(WORLD.keys) : undefined;
  // tied by its key alone, or named beside it
  const run = key !== undefined && random.chance(0.4) ? { key } : { runId, key };
  const inSession = key !== undefined && random.chance(0.4) ? { key } : { sessionId, key };
  switch (type) {
    case 'user.upserted':
      return [
        {
          userId: random.pick(WORLD.users),
          name: fields.optional(WORLD.names),
          email: fields.optional(WORLD.emails),
          team: fields.optional(WORLD.teams),
          role: fields.maybe(0.3, () => random.pick(['admin', 'manager', 'member'])),
          kind: fields.maybe(0.3, () => random.pick(['person', 'service', ''])),
          aliases: fields.maybe(0.3, () => random.some(WORLD.users, random.pick([0, 1, 1, 2]))),
        },
        at,
      ];
    case 'session.created':
      return [
        {
          sessionId,
          createdAt: now,
          createdByUserId: fields.optional(WORLD.users),
          ...fields.attributes(type, SESSION_ATTRIBUTES),
          workItemId: fields.optional(WORLD.workItems),
          stage: fields.optional(WORLD.stages),
          title: fields.optional(['a title']),
          url: fields.url(),
          parentSessionId: fields.maybe(0.1, () => 's-parent'),
        },
        at,
      ];
    case 'session.seen':
      return [
        {
          sessionId,
          at: now,
          userId: fields.optional(WORLD.users),
          ...fields.attributes(type, SESSION_ATTRIBUTES),
          workItemId: fields.optional(WORLD.workItems),
        },
        at,
      ];
    case 'session.ended':
      return [
        {
          sessionId,
          at: now,
          status: fields.maybe(0.4, () => random.pick([...STATUSES, ''])),
          failureCategory: fields.maybe(0.4, () => random.pick(CATEGORIES)),
        },
        at,
      ];
    case 'session.settled': {
      // beside the two hours after which a silent session counts as settled, or a day
      const through = at + random.pick([0, 2 * HOUR - 1, 2 * HOUR, 24 * HOUR]);
      return [{ sessionId, through: fields.text(through) }, through];
    }
    case 'message.created':
      return [
        {
          // some have an id that was made of a key, and give way to those that have not
          messageId: `${random.chance(0.2) ? 'key:' : ''}m${random.integer(1, 14)}`,
          ...inSession,
          role: random.pick(['user', 'agent', 'system']),
          sentAt: now,
          userId,
          text: fields.optional(['hello']),
        },
        at,
      ];
    case 'tool_call.recorded': {
      const startedAt = fields.maybe(0.7, () => now);
      return [
        {
          toolCallId: `t${random.integer(1, 12)}`,
          ...inSession,
          runId: random.chance(0.3) ? fields.optional(WORLD.runs) : undefined,
          name: random.pick(WORLD.tools),
          startedAt,
          completedAt:
            startedAt === undefined || random.chance(0.5) ? fields.text(at + random.pick([0, 60_000])) : undefined,
          status: fields.maybe(0.6, () => random.pick(['SUCCEEDED', 'FAILED', 'REJECTED'])),
          rejectedBy: fields.maybe(0.5, () => random.pick(['person', 'policy'])),
          files: fields.maybe(0.3, () => fields.files()),
          input: fields.optional(['ls']),
          awaitStartedAt: fields.maybe(0.3, () => fields.text(at + random.pick([-90_000, -1000, 0, 1000]))),
          awaitMs: fields.maybe(0.4, () => random.pick([null, 0, 1, 1000, 60_000, random.integer(0, 3 * HOUR)])),
          ...spanOf(fields, 0.5),
        },
        at,
      ];
    }
    case 'llm_call.recorded': {
      const model = random.pick(WORLD.models);
      return [
        {
          callId: random.chance(0.2) ? `request:${random.pick(WORLD.requests)}` : `c${random.integer(1, 12)}`,
          ...inSession,
          requestId: random.chance(0.4) ? fields.optional(WORLD.requests) : undefined,
          runId: random.chance(0.5) ? fields.optional(WORLD.runs) : undefined,
          at: now,
          model,
          usage: fields.usage(model),
          costUsd: fields.maybe(0.2, () => fields.cost()),
          ...fields.callTerms(model),
          phase: random.chance(0.5) ? fields.optional(WORLD.phases) : undefined,
          parentSpanId: spanOf(fields, 0.5).parentSpanId,
          failureCategory: fields.maybe(0.15, () => random.pick(CATEGORIES)),
          errorSummary: fields.optional(WORLD.errors),
        },
        at,
      ];
    }
    case 'handoff.created':
      return [
        { handoffId: `h${random.integer(1, 7)}`, sessionId, userId, occurredAt: now, method: random.pick(METHODS) },
        at,
      ];
    case 'budget.set':
      return [
        {
          budgetId: random.pick(WORLD.budgets),
          name: fields.optional(['Core', 'web']),
          limitUsd: random.pick<unknown>([1, '0.5', 12.34, '1000', 1e9]),
          period: random.pick(['day', 'week', 'month']),
          filters: fields.maybe(0.7, () => budgetFilters(fields)),
          thresholds: fields.maybe(0.3, () => random.pick([null, [], [0.5], [0.8, 1, 1.2]])),
        },
        at,
      ];
    case 'budget.deleted':
      return [{ budgetId: random.pick(WORLD.budgets) }, at];
    default:
      return runData(fields, type, { at, now, userId, key, run, inSession });
  }
}

/** Of a few dimensions, in every form; a user by id, or by what they are called. */
function budgetFilters({ random }: RandomFields): Data {
  const values: Record<string, readonly string[]> = {
    user: [...WORLD.users, ...WORLD.names],
    team: WORLD.teams,
    repo: WORLD.repos,
    status: STATUSES,
  };
  const condition = (dimension: string): unknown => {
    const some = random.some<string | null>([...values[dimension]!, null], random.integer(0, 3));
    return random.pick([some, { not: some }, some[0] ?? null, { not: some[0] ?? null }]);
  };
  const dimensions = random.some(Object.keys(values), random.integer(0, 2));
  return Object.fromEntries(dimensions.map((dimension) => [dimension, condition(dimension)]));
}

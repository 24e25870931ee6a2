import type { CloudEvent } from '../contract/cloud-event.js';
import { HOUR_MS, MINUTE_MS } from './calendar.js';
import { Draw } from './draw.js';
import { demoEvent, iso } from './event.js';
import { MODELS } from './models.js';

/** What a session is for. */
export interface Work {
  readonly workItemId: string;
  readonly stage: string;
  readonly role: string;
  readonly workflow: string;
  readonly agent: string;
}

interface Item {
  readonly id: string;
  readonly stages: readonly { stage: string; role: string }[];
  readonly workflow: string;
  readonly builder: Builder;
  done: number;
}

/** The epic that eats a third of the budget, and smaller ones. */
const EPICS: readonly (readonly [id: string, title: string, weight: number])[] = [
  ['NOW-1', 'New checkout', 34],
  ['NOW-2', 'Faster search', 9],
  ['NOW-3', 'One sign-in', 8],
  ['NOW-4', 'Bills in euros', 7],
  ['NOW-5', 'Dark mode', 5],
];
const NO_EPIC = 37;
const TYPES = [
  ['feature', 4],
  ['bug', 4],
  ['chore', 2],
] as const;
const TITLES = ['Round totals half to even', 'Retry the nightly job', 'Sign-in page loads twice', 'Index new products'];
const CATEGORIES = ['access', 'unclear task', 'conflicting requirements', 'budget'];
const SEVERITIES = [
  ['low', 5],
  ['medium', 4],
  ['high', 2],
  ['critical', 0.4],
] as const;
/** How many items come back where nobody looks at them before; a reviewer finds most of it, a cheap model doubles it. */
const REWORK = 0.2;
const REVIEWED = 0.3;
const CHEAP = 2;

/** Those who build, each with how often its work comes back beside the others: two differ, of the third nobody can tell. */
const BUILDERS = [
  { agent: 'builder-a', comesBack: 0.6 },
  { agent: 'builder-b', comesBack: 1.4 },
  { agent: 'builder-c', comesBack: 1 },
] as const;
type Builder = (typeof BUILDERS)[number];

/**
 * Work items of the demo, by team: sessions work on one after the other. Draws of its own, so that what else the demo tells
 * stays as it is.
 */
export class WorkPlan {
  readonly #items = new Map<string, Item>();
  #count = EPICS.length;

  /** What a session of the team that starts then works on, null for what nobody linked; and the events about it. */
  begin(sessionId: string, team: string, startMs: number): { work: Work | null; events: CloudEvent[] } {
    if (Draw.of(`${sessionId}/linked`).chance(0.12)) return { work: null, events: [] };
    const events: CloudEvent[] = [];
    const item = this.#items.get(team) ?? this.#add(team, startMs, events);
    const { stage, role } = item.stages[item.done]!;
    return { work: { workItemId: item.id, stage, role, workflow: item.workflow, agent: agentOf(item) }, events };
  }

  /** What followed the session's end, up to now: an escalation, or the item's end. `model`: of its last run. */
  *end(
    sessionId: string,
    team: string,
    { endMs, model, nowMs }: { endMs: number; model: string | null; nowMs: number },
  ): Generator<CloudEvent> {
    const item = this.#items.get(team)!;
    const draw = Draw.of(`${sessionId}/end`);
    if (draw.chance(0.05)) yield* escalation(draw, { sessionId, agent: agentOf(item), atMs: endMs, nowMs });
    item.done += 1;
    if (item.done < item.stages.length) return;
    this.#items.delete(team);
    yield* closing(draw, item, { endMs, isCheap: model === MODELS.cheaper, nowMs });
  }

  #add(team: string, startMs: number, events: CloudEvent[]): Item {
    if (this.#count === EPICS.length) {
      for (const [id, title] of EPICS) {
        events.push(
          demoEvent('work_item.upserted', id, startMs, { workItemId: id, type: 'epic', title, project: 'NOW' }),
        );
      }
    }
    const id = `NOW-${(this.#count += 1)}`;
    const draw = Draw.of(id);
    const isReviewed = draw.chance(0.5);
    const builder = { stage: 'implementation', role: 'builder' };
    const item = {
      id,
      workflow: isReviewed ? 'build and review' : 'build',
      builder: Draw.of(`${id}/builder`).one(BUILDERS),
      stages: [
        ...(draw.chance(0.3) ? [{ stage: 'planning', role: 'planner' }] : []),
        builder,
        ...(draw.chance(0.3) ? [builder] : []),
        ...(isReviewed ? [{ stage: 'review', role: 'reviewer' }] : []),
      ],
      done: 0,
    };
    const parentId = draw.weighted<string | null>([
      [null, NO_EPIC],
      ...EPICS.map(([epic, , weight]) => [epic, weight] as const),
    ]);
    events.push(
      demoEvent('work_item.upserted', id, startMs, {
        workItemId: id,
        type: draw.weighted(TYPES),
        title: draw.one(TITLES),
        url: `https://issues.demo.example/${id}`,
        project: 'NOW',
        ...(parentId === null ? {} : { parentId }),
        createdAt: iso(startMs),
      }),
    );
    this.#items.set(team, item);
    return item;
  }
}

/** Who does what comes next. */
function agentOf({ builder, stages, done }: Item): string {
  const { role } = stages[done]!;
  return role === 'builder' ? builder.agent : `${role}-a`;
}

function* escalation(
  draw: Draw,
  { sessionId, agent, atMs, nowMs }: { sessionId: string; agent: string; atMs: number; nowMs: number },
): Generator<CloudEvent> {
  const escalationId = `${sessionId}-escalation`;
  const severity = draw.weighted(SEVERITIES);
  const said = { escalationId, occurredAt: iso(atMs), severity, category: draw.one(CATEGORIES), sessionId, agent };
  yield demoEvent('escalation.recorded', escalationId, atMs, said);
  const resolvedMs = atMs + Math.round(draw.between(10, 300) * MINUTE_MS);
  if (resolvedMs <= nowMs) {
    yield demoEvent('escalation.resolved', escalationId, resolvedMs, { escalationId, at: iso(resolvedMs) });
  }
}

function* closing(
  draw: Draw,
  { id: workItemId, workflow, builder }: Item,
  { endMs, isCheap, nowMs }: { endMs: number; isCheap: boolean; nowMs: number },
): Generator<CloudEvent> {
  const rework = REWORK * (workflow === 'build' ? 1 : REVIEWED) * (isCheap ? CHEAP : 1) * builder.comesBack;
  const comesBack = draw.chance(rework);
  const firstMs = endMs + Math.round(draw.between(0.3, 6) * HOUR_MS);
  const closedMs = comesBack ? firstMs + Math.round(draw.between(2, 30) * HOUR_MS) : firstMs;
  if (comesBack && firstMs <= nowMs) {
    const said = { workItemId, at: iso(firstMs), quality: 'rework_requested' };
    yield demoEvent('work_item.reviewed', workItemId, firstMs, said);
  }
  if (closedMs > nowMs) return;
  const quality = draw.chance(0.04) ? 'failed' : 'passed';
  yield demoEvent('work_item.closed', workItemId, closedMs, { workItemId, closedAt: iso(closedMs), quality });
}

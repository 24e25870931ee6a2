import type { CloudEvent } from '../contract/cloud-event.js';
import type { EventType } from '../contract/events.js';
import { Draw } from './draw.js';
import { demoEvent, iso } from './event.js';
import { MODELS } from './models.js';
import { PEOPLE, repositoriesOf } from './people.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const AGENTS = ['ruby', 'opal', 'jade', 'onyx', 'topaz', 'agate'] as const;
const ROLES = ['builder', 'builder', 'builder', 'builder', 'reviewer', 'planner'] as const;
const STEPS = [
  ['plan', 'plans the change'],
  ['read', 'reads the code'],
  ['edit', 'writes it'],
  ['test', 'runs the tests'],
  ['edit', 'mends what broke'],
  ['test', 'runs the tests again'],
  ['review', 'looks it over'],
] as const;
const CONTEXT = 200_000;
/** The platform gives a run up that has been silent for so long. */
const GIVEN_UP_MS = 25 * MINUTE_MS;
const LONGEST_QUEUE = 4;

interface Task {
  readonly runId: string;
  readonly sessionId: string;
  readonly model: string;
}

interface Working extends Task {
  /** how long each step takes */
  readonly stepMs: number;
  readonly hangs: boolean;
  readonly startMs: number;
  heardMs: number;
}

/**
 * A small fleet that works while somebody looks: runs wait, start, go on, end, and now and then one of them hangs, never two. Pure: what it
 * does follows from the moments (epoch ms) at which it is asked.
 */
export class DemoFleet {
  readonly #draw: Draw;
  readonly #queue: Task[] = [];
  readonly #working = new Map<string, Working>();
  #events: CloudEvent[] = [];
  #runs = 0;
  #nextTaskMs: number;

  constructor(private readonly startMs: number) {
    this.#draw = new Draw(startMs);
    this.#nextTaskMs = startMs - 3 * MINUTE_MS;
    this.#warmUp();
  }

  /** What has happened up to then. */
  upTo(nowMs: number): CloudEvent[] {
    this.#enqueue(nowMs);
    AGENTS.forEach((agent, index) => this.#work(agent, ROLES[index]!, nowMs));
    return this.#taken();
  }

  /** Its runs are canceled: nobody goes on with them. */
  end(nowMs: number): CloudEvent[] {
    const open = [...this.#queue.splice(0), ...this.#working.values()];
    this.#working.clear();
    for (const { runId } of open)
      this.#say('run.completed', runId, nowMs, { runId, completedAt: iso(nowMs), status: 'CANCELED' });
    return this.#taken();
  }

  /** One that hangs already, and others half-way. */
  #warmUp(): void {
    const { startMs } = this;
    for (const [agent, minutesAgo] of [
      ['agate', 19],
      ['ruby', 2],
      ['opal', 1],
    ] as const) {
      const beginMs = startMs - minutesAgo * MINUTE_MS;
      const index = AGENTS.indexOf(agent);
      this.#begin(agent, ROLES[index]!, this.#task(beginMs - MINUTE_MS), { startMs: beginMs, hangs: minutesAgo > 10 });
      if (minutesAgo > 10) this.#progress(this.#working.get(agent)!, beginMs + 5 * MINUTE_MS);
    }
  }

  #task(atMs: number): Task {
    const id = `fleet-${Math.floor(this.startMs / SECOND_MS).toString(36)}-${(this.#runs += 1)}`;
    const person = this.#draw.one(PEOPLE);
    const task = { runId: id, sessionId: `${id}-session`, model: this.#draw.one([MODELS.large, MODELS.cheaper]) };
    const repo = this.#draw.one(repositoriesOf(person.team));
    const session = {
      sessionId: task.sessionId,
      createdAt: iso(atMs),
      createdByUserId: person.id,
      repo,
      runtime: 'claude-code',
    };
    this.#say('session.created', id, atMs, session);
    this.#say('run.queued', task.runId, atMs, { ...task, queuedAt: iso(atMs), taskType: 'feature' });
    return task;
  }

  #enqueue(nowMs: number): void {
    for (; this.#nextTaskMs <= nowMs; this.#nextTaskMs += this.#draw.between(15, 40) * SECOND_MS) {
      if (this.#queue.length < LONGEST_QUEUE) this.#queue.push(this.#task(this.#nextTaskMs));
    }
  }

  #work(agent: string, role: string, nowMs: number): void {
    const run = this.#working.get(agent);
    if (!run) {
      const task = this.#queue.shift();
      const hangs = this.#draw.chance(0.04) && ![...this.#working.values()].some((other) => other.hangs);
      if (task) this.#begin(agent, role, task, { startMs: nowMs, hangs });
      return;
    }
    const step = Math.floor((nowMs - run.startMs) / run.stepMs);
    const isSilent = run.hangs && step > 2;
    if (isSilent) {
      if (nowMs - run.heardMs > GIVEN_UP_MS) this.#complete(agent, run, nowMs, { status: 'TIMEOUT' });
    } else if (step < STEPS.length) this.#progress(run, nowMs);
    else this.#complete(agent, run, nowMs, this.#outcome());
  }

  #begin(agent: string, role: string, task: Task, { startMs, hangs }: { startMs: number; hangs: boolean }): void {
    const stepMs = this.#draw.between(10, 40) * SECOND_MS;
    this.#working.set(agent, { ...task, stepMs, hangs, startMs, heardMs: startMs });
    const workflow = role === 'reviewer' ? 'review' : 'feature';
    this.#say('run.started', task.runId, startMs, { ...task, startedAt: iso(startMs), agent, role, workflow });
  }

  #progress(run: Working, atMs: number): void {
    run.heardMs = atMs;
    const { runId, startMs, stepMs } = run;
    const step = Math.min(Math.floor((atMs - startMs) / stepMs), STEPS.length - 1);
    const [phase, activity] = STEPS[step]!;
    // the longest use up nearly all of it
    const contextTokens = Math.min(CONTEXT, 24_000 + Math.round((atMs - startMs) / 1.7));
    const doing = { phase, activity, step: step + 1, steps: STEPS.length, contextTokens, contextLimit: CONTEXT };
    this.#say('run.progressed', `${runId}/${atMs}`, atMs, {
      runId,
      at: iso(atMs),
      ...doing,
      usage: this.#usage(run, atMs),
    });
  }

  #usage({ model, startMs }: Working, atMs: number) {
    const seconds = Math.round((atMs - startMs) / SECOND_MS);
    return [{ model, inputTokens: seconds * 5_000, outputTokens: seconds * 90, cacheReadTokens: seconds * 4_300 }];
  }

  #outcome() {
    if (this.#draw.chance(0.85)) return { status: 'SUCCEEDED' };
    return { status: 'FAILED', failureCategory: 'test_failure', errorSummary: '3 of 58 tests failed' };
  }

  #complete(agent: string, run: Working, atMs: number, outcome: object): void {
    this.#working.delete(agent);
    const usage = this.#usage(run, run.heardMs);
    this.#say('run.completed', run.runId, atMs, { runId: run.runId, completedAt: iso(atMs), ...outcome, usage });
  }

  #say(type: EventType, id: string, atMs: number, data: Record<string, unknown>): void {
    this.#events.push(demoEvent(type, id, atMs, data));
  }

  #taken(): CloudEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }
}

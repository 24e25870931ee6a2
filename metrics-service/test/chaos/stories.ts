import type { SentEvent } from '../oracle/types.js';
import type { Random } from '../support/random.js';
import { type Data, WORLD } from '../support/random-fields.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BEGIN = Date.parse('2026-03-01T00:00:00Z');
/** So many sessions are told at a time: their events are mixed. */
const OPEN_STORIES = 12;

/**
 * Numbered events without end about ever new sessions: whole stories with runs, calls, messages, handoffs, corrections
 * and deletions, told in no order. The same seed, the same events.
 */
export class Stories {
  #events = 0;
  #sessions = 0;
  readonly #untold: SentEvent[] = [];

  constructor(
    private readonly random: Random,
    private readonly source: string,
  ) {}

  next(): SentEvent {
    while (this.#untold.length < OPEN_STORIES * 10) this.#begin(`s${(this.#sessions += 1)}`);
    const index = this.random.integer(0, this.#untold.length - 1);
    const [event] = this.#untold.splice(index, 1, this.#untold.at(-1)!);
    this.#untold.pop();
    return event!;
  }

  #say(type: string, data: Data, at: number): void {
    // what is undefined is not said
    const said = JSON.parse(JSON.stringify(data)) as Data;
    const id = `e${(this.#events += 1)}`;
    this.#untold.push({ specversion: '1.0', source: this.source, id, type, time: text(at), data: said });
  }

  #begin(sessionId: string): void {
    const { random } = this;
    const begin = BEGIN + random.integer(0, 60 * DAY);
    const userId = random.pick(WORLD.users);
    const user = random.chance(0.8) ? userId : undefined;
    if (random.chance(0.3)) {
      const said = { userId, name: random.pick(WORLD.names), team: random.pick(WORLD.teams) };
      this.#say('user.upserted', said, begin);
    }
    const where = { repo: random.pick(WORLD.repos), workspace: random.pick(WORLD.workspaces) };
    const created = { sessionId, createdAt: text(begin), createdByUserId: user, ...where };
    this.#say('session.created', { ...created, runtime: random.pick(WORLD.runtimes) }, begin);
    let at = begin;
    for (let run = 1; run <= random.integer(1, 4); run += 1) {
      const sentAt = (at += random.integer(1, 300) * MINUTE);
      const messageId = `${sessionId}-m${run}`;
      this.#say('message.created', { messageId, sessionId, userId: user, role: 'user', sentAt: text(sentAt) }, sentAt);
      at = this.#run(`${sessionId}-r${run}`, sessionId, at);
      if (random.chance(0.2)) {
        const occurredAt = (at += random.integer(0, 90) * MINUTE);
        const method = random.pick(['TELEPORT', 'OPEN_IN_CLI', 'DOWNLOAD_PATCH']);
        const handoff = { handoffId: `${sessionId}-h${run}`, sessionId, userId: user, method };
        this.#say('handoff.created', { ...handoff, occurredAt: text(occurredAt) }, occurredAt);
      }
    }
    if (random.chance(0.02)) this.#say('session.deleted', { sessionId }, at);
  }

  /** Answers when it ended. */
  #run(runId: string, sessionId: string, queuedAt: number): number {
    const { random } = this;
    const model = random.pick(WORLD.models);
    const startedAt = queuedAt + random.integer(0, 120_000);
    if (random.chance(0.7)) this.#say('run.queued', { runId, sessionId, queuedAt: text(queuedAt) }, queuedAt);
    const started = { runId, sessionId, startedAt: text(startedAt), taskType: random.pick(WORLD.taskTypes) };
    this.#say('run.started', { ...started, model }, startedAt);
    const completedAt = startedAt + random.integer(1, 3_600_000);
    const within = (): number => random.integer(startedAt, completedAt);
    if (random.chance(0.4)) {
      const at = within();
      this.#say('run.progressed', { runId, at: text(at), usage: [this.#usage(model)] }, at);
    }
    for (let call = 1; call <= random.integer(0, 3); call += 1) {
      const at = within();
      const callId = `${runId}-c${call}`;
      const said = { callId, sessionId, runId: random.chance(0.7) ? runId : undefined, at: text(at) };
      const usage = { ...this.#usage(model), model: undefined };
      this.#say('llm_call.recorded', { ...said, model: random.pick([model, 'mystery-1']), usage }, at);
    }
    // one in ten is still under way, one in ten is corrected by a later word
    const words = random.weighted([
      [1, 0],
      [8, 1],
      [1, 2],
    ]);
    for (let word = 0; word < words; word += 1) {
      this.#say('run.completed', this.#outcome({ runId, model, startedAt, completedAt }), completedAt + word);
    }
    if (random.chance(0.02)) this.#say('run.deleted', { runId }, completedAt + 2);
    return completedAt;
  }

  #outcome(run: { runId: string; model: string; startedAt: number; completedAt: number }): Data {
    const { random } = this;
    const { runId, model, startedAt, completedAt } = run;
    const status = random.pick(['SUCCEEDED', 'SUCCEEDED', 'FAILED', 'CANCELED', 'TIMEOUT']);
    const failureCategory = status === 'FAILED' ? random.pick(['agent_error', 'tool_error', undefined]) : undefined;
    const testsRun = random.integer(0, 50);
    const counts = { filesChanged: random.integer(0, 9), linesAdded: random.integer(0, 400), linesDeleted: 7 };
    const artifacts = { ...counts, testsRun, testsPassed: random.integer(0, testsRun) };
    const phase = { name: random.pick(WORLD.phases), startedAt: text(startedAt), completedAt: text(completedAt) };
    return {
      ...{ runId, completedAt: text(completedAt), status, failureCategory },
      usage: random.chance(0.5) ? [this.#usage(model)] : undefined,
      costUsd: random.chance(0.3) ? random.integer(0, 10_000_000) / 1e6 : undefined,
      artifacts: random.chance(0.6) ? artifacts : undefined,
      phases: random.chance(0.4) ? [phase] : undefined,
    };
  }

  #usage(model: string): Data {
    const inputTokens = this.random.integer(1, 50_000);
    const cacheReadTokens = this.random.integer(0, inputTokens);
    return { model, inputTokens, outputTokens: this.random.integer(0, 5_000), cacheReadTokens };
  }
}

const text = (at: number): string => new Date(at).toISOString();

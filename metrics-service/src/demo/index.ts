import { budgetEvents } from './budgets.js';
import { calendarOf, dayWeight, HOUR_MS, timeOfDay, type Calendar } from './calendar.js';
import { Draw } from './draw.js';
import type { CloudEvent } from '../contract/cloud-event.js';
import { demoEvent } from './event.js';
import { UsageSum } from './models.js';
import { PEOPLE, type Person } from './people.js';
import { ordinarySession } from './session.js';
import { WorkPlan } from './work.js';
import { RUNAWAY_RUNS, runawaySession, RUNS_IN_FLIGHT, runsInFlight } from './stories.js';

const SEED = 20_260_401;
const RUNS = 20_000;
const MOST_RUNS_PER_SESSION = 9;
/** How long somebody needs to get used to agents. */
const RAMP_DAYS = 25;

/**
 * The demo organization's events: the same for the same `nowMs` (epoch ms), day by day. The last one has the id
 * LAST_EVENT_ID, so that a log that has it has all of them.
 */
export function* demoEvents(nowMs: number): Generator<CloudEvent> {
  const calendar = calendarOf(nowMs);
  const draw = new Draw(SEED);
  const [first, ...others] = PEOPLE;
  for (const person of others) yield userEvent(person, calendar);
  const week = yield* ordinarySessions(draw, calendar);
  yield* runawaySession(draw, week, calendar);
  yield* runsInFlight(draw, calendar);
  yield* budgetEvents(calendar);
  yield userEvent(first!, calendar);
}

function userEvent({ id, name, email, role, team }: Person, { days }: Calendar): CloudEvent {
  return demoEvent('user.upserted', id, days[0]!, { userId: id, name, email, role, team });
}

export const LAST_EVENT_ID = `user.upserted/${PEOPLE[0]!.id}`;

/** Day by day; returns what everybody used in the runaway session's week. */
function* ordinarySessions(draw: Draw, calendar: Calendar): Generator<CloudEvent, UsageSum> {
  const week = new UsageSum();
  const plan = new WorkPlan();
  const { weekFromMs, weekToMs } = calendar.runaway;
  const weights = calendar.days.map((dayMs, day) => dayWeight(dayMs) * sum(busyness(day)));
  const runsPerWeight = (RUNS - RUNAWAY_RUNS - RUNS_IN_FLIGHT) / weights.reduce((total, weight) => total + weight, 0);
  let [due, count] = [0, 0];
  for (const [day, dayMs] of calendar.days.entries()) {
    const people = busyness(day);
    // the remainder of a day is carried over to the next, so that the runs of all days add up
    for (due += weights[day]! * runsPerWeight; due >= 1;) {
      const runs = runsOfSession(draw);
      due -= runs;
      const startMs = Math.round(startOfSession(draw, dayMs, calendar.nowMs));
      const [sessionId, person] = [`demo-session-${(count += 1)}`, draw.weighted(people)];
      const { work, events: begun } = plan.begin(sessionId, person.team, startMs);
      yield* begun;
      const facts = { sessionId, person, startMs, runs, day, work };
      const { events, used, endMs } = ordinarySession(draw, facts, calendar);
      yield* events;
      const model = used.at(-1)?.usage.model ?? null;
      if (work && model !== null) yield* plan.end(sessionId, person.team, { endMs, model, nowMs: calendar.nowMs });
      for (const { startMs: atMs, usage } of used) if (atMs >= weekFromMs && atMs < weekToMs) week.add(usage);
    }
  }
  return week;
}

/** Who uses agents on a day, and how much. */
function busyness(day: number): [Person, number][] {
  return PEOPLE.filter(({ firstDay }) => firstDay <= day).map((person) => [
    person,
    person.eagerness * Math.min(1, 0.25 + (day - person.firstDay) / RAMP_DAYS),
  ]);
}

function sum(people: readonly [Person, number][]): number {
  return people.reduce((total, [, weight]) => total + weight, 0);
}

function runsOfSession(draw: Draw): number {
  let runs = 1;
  while (runs < MOST_RUNS_PER_SESSION && draw.chance(0.7)) runs += 1;
  return runs;
}

/** Today's sessions start before now, even early in the day. */
function startOfSession(draw: Draw, dayMs: number, nowMs: number): number {
  const latestMs = nowMs - HOUR_MS / 2;
  for (let tries = 0; tries < 20; tries += 1) {
    const startMs = dayMs + timeOfDay(draw);
    if (startMs <= latestMs) return startMs;
  }
  return dayMs - draw.between(0, 8) * HOUR_MS;
}

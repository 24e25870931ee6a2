import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { areToldApart } from '../src/query/intervals.js';
import { dearSuccess, differ, lowSuccess, retryLoops, type OracleFinding, type OracleRun } from './oracle/findings.js';
import { rowsOf, startWorld, type World } from './query/world.js';
import { runEvents, sessionEvent, userEvent } from './support/run-events.js';
import { Random } from './support/random.js';

/** Findings in random organizations against the oracle. RUNBOARD_TEST_RUNS says how many, RUNBOARD_TEST_SEED which first. */
const RUNS = Number(process.env.RUNBOARD_TEST_RUNS ?? 8);
const FIRST_SEED = Number(process.env.RUNBOARD_TEST_SEED ?? 1);
const FROM = Date.parse('2026-11-02T00:00:00Z');
const TO = Date.parse('2026-11-09T00:00:00Z');
const MINUTE = 60_000;

let world: World;
beforeAll(async () => {
  world = await startWorld([], TO);
});
afterAll(() => world.stop());

const TEAMS = ['core', 'apps', 'data', null];
const REPOS = ['web', 'api', 'lib', 'cli', null];
const MODELS = ['small', 'middle', 'large', 'huge', null];
const ERRORS = ['it broke', 'no space left', null];

/** Sessions of one user and repository; some go on failing, some teams, repositories and models do worse or cost more. */
function randomRuns(random: Random): OracleRun[] {
  const [badRepo, badTeam, dearModel] = [random.pick(REPOS), random.pick(TEAMS), random.pick(MODELS)];
  return Array.from({ length: 60 }, (_, number) => number).flatMap((number) => {
    const [team, repo] = [random.pick(TEAMS), random.pick(REPOS)];
    const start = FROM + random.integer(0, 6 * 24 * 60) * MINUTE;
    const isStuck = random.chance(0.2);
    return Array.from({ length: random.integer(1, 8) }, (_run, index): OracleRun => {
      const model = random.pick(MODELS);
      const fails = random.chance(isStuck ? 0.8 : (repo === badRepo ? 0.3 : 0.1) + (team === badTeam ? 0.3 : 0.05));
      const status = fails
        ? 'FAILED'
        : random.weighted([
            [30, 'SUCCEEDED'],
            [2, 'TIMEOUT'],
            [1, 'CANCELED'],
            [1, 'IN_FLIGHT'],
          ] as const);
      return {
        id: `r-${number}-${index}`,
        session: `s-${number}`,
        // some start at the same time
        startedAt: start + Math.floor(index / random.integer(1, 2)) * MINUTE,
        status,
        error: status === 'FAILED' ? random.pick(ERRORS) : null,
        // what has not ended has not said its cost
        cents:
          status !== 'IN_FLIGHT' && random.chance(0.97) ? random.integer(1, 90) * (model === dearModel ? 5 : 1) : null,
        ...{ team, repo, model },
      };
    });
  });
}

function eventsOf(runs: OracleRun[]): object[] {
  const sessions = new Map(runs.map(({ session, repo }) => [session, repo]));
  return [
    ...TEAMS.flatMap((team) => (team === null ? [] : [userEvent(`of ${team}`, team)])),
    ...[...sessions].flatMap(([session, repo]) => (repo === null ? [] : [sessionEvent(session, repo)])),
    ...runs.flatMap(({ id, session, startedAt, status, error, cents, team, model }) =>
      runEvents({
        ...{ id, session, status, at: new Date(startedAt).toISOString() },
        ...(team !== null && { user: `of ${team}` }),
        ...(model !== null && { model }),
        ...(error !== null && { error }),
        ...(cents !== null && { costUsd: cents / 100 }),
      }),
    ),
  ];
}

function expected(runs: OracleRun[], model: string | null): OracleFinding[] {
  const passes = (run: OracleRun): boolean => model === null || run.model === model;
  const passing = runs.filter(passes);
  return [...retryLoops(runs, passes), ...lowSuccess(passing), ...dearSuccess(passing)];
}

const OF = /^(?:\d+ runs in a row of session (\S+) failed|(\S+ \S+): )/;

/** By kind and group, so that rows of the same money may stand in any order. */
function compared(found: OracleFinding[]): unknown[] {
  const texts = found.map(
    ({ kind, of, runs, cents }) => `${kind}, ${of}: ${runs} runs, ${cents === null ? 'unknown' : cents.toFixed(3)}`,
  );
  return texts.sort();
}

it(
  'finds loops, low success and dear success as the oracle does',
  async () => {
    const kinds = new Set<string>();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const random = new Random(seed);
      const runs = randomRuns(random);
      const { token } = await world.newOrganization();
      await world.accept(token, random.shuffled(eventsOf(runs)));
      for (const model of [null, random.pick(['small', 'large'])]) {
        const filters = model === null ? {} : { model: [model] };
        const body = {
          from: FROM,
          to: TO,
          timezone: 'UTC',
          queries: [{ refId: 'A', view: 'findings', limit: 50, filters }],
        };
        const rows = rowsOf((await world.request('/v1/query', { token, body })).body.results.A);
        const got = rows
          .filter(({ kind }) => ['Retry loop', 'Low success', 'Dear success'].includes(kind as string))
          .map(({ kind, what, runs: count, money }): OracleFinding => {
            const [, session, group] = OF.exec(what as string)!;
            const cents = money === null ? null : (money as number) * 100;
            return { kind: kind as string, of: session ?? group!, runs: count as number, cents };
          });
        const wanted = expected(runs, model);
        wanted.forEach(({ kind }) => kinds.add(kind));
        expect({ seed, model, found: compared(got) }).toEqual({ seed, model, found: compared(wanted) });
      }
    }
    expect([...kinds].sort()).toEqual(['Dear success', 'Low success', 'Retry loop']);
  },
  RUNS * 10_000,
);

it("tells shares apart as Newcombe's interval does, found by bisection", () => {
  const random = new Random(1);
  let apart = 0;
  for (let count = 0; count < 2000; count++) {
    const [of, otherOf] = [random.integer(1, 400), random.integer(1, 400)];
    const [good, otherGood] = [random.integer(0, of), random.integer(0, otherOf)];
    const told = areToldApart({ count: good, of }, { count: otherGood, of: otherOf });
    expect([good, of, otherGood, otherOf, told]).toEqual([
      good,
      of,
      otherGood,
      otherOf,
      differ(good, of, otherGood, otherOf),
    ]);
    if (told) apart += 1;
  }
  expect([apart > 100, apart < 1900]).toEqual([true, true]);
});

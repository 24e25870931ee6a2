/** Findings, plainly and slowly from a list of runs (docs/findings.md). It shares no code with the service. */

export interface OracleRun {
  id: string;
  session: string;
  /** epoch ms */
  startedAt: number;
  status: 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'TIMEOUT' | 'IN_FLIGHT';
  /** what its error has in common with others; null: it did not fail, or said nothing */
  error: string | null;
  /** whole cents */
  cents: number | null;
  team: string | null;
  repo: string | null;
  model: string | null;
}

export interface OracleFinding {
  kind: string;
  /** the session, or the group and what it is */
  of: string;
  runs: number;
  /** cents; null: unknown */
  cents: number | null;
}

const Z = 1.959963984540054;
const MOST = 3;

/** The ends of Wilson's interval: where the share is just z standard errors of that true share away, by bisection. */
function wilson(count: number, of: number): [low: number, high: number] {
  const share = count / of;
  const isNear = (truth: number): boolean => Math.abs(share - truth) <= Z * Math.sqrt((truth * (1 - truth)) / of);
  const edge = (near: number, far: number): number => {
    if (isNear(far)) return far;
    let [inside, outside] = [near, far];
    for (let step = 0; step < 200; step++) {
      const middle = (inside + outside) / 2;
      if (isNear(middle)) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  return [edge(share, 0), edge(share, 1)];
}

/** Whether Newcombe's interval of the difference leaves out 0. */
export function differ(count: number, of: number, otherCount: number, otherOf: number): boolean {
  const [[low, high], [otherLow, otherHigh]] = [wilson(count, of), wilson(otherCount, otherOf)];
  const [share, other] = [count / of, otherCount / otherOf];
  const below = share - other - Math.sqrt((share - low) ** 2 + (otherHigh - other) ** 2);
  const above = share - other + Math.sqrt((high - share) ** 2 + (other - otherLow) ** 2);
  return below > 0 || above < 0;
}

/** Runs in a row of a session, by start and id, that failed alike: three and more; those that pass a filter, all of them. */
export function retryLoops(runs: OracleRun[], passes: (run: OracleRun) => boolean): OracleFinding[] {
  const found: OracleFinding[] = [];
  for (const session of new Set(runs.map((run) => run.session))) {
    const own = runs
      .filter((run) => run.session === session)
      .sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
    for (let first = 0; first < own.length; first++) {
      const { error } = own[first]!;
      if (error === null || own[first - 1]?.error === error) continue;
      let last = first;
      while (own[last + 1]?.error === error) last++;
      const streak = own.slice(first, last + 1);
      if (streak.length < 3 || !streak.every(passes)) continue;
      found.push({ kind: 'Retry loop', of: session, runs: streak.length, cents: sumOf(streak) });
    }
  }
  return top(found);
}

const PLACES = [
  ['team', 'Team'],
  ['repo', 'Repository'],
  ['model', 'Model'],
] as const;

const hasEnded = ({ status }: OracleRun): boolean => status !== 'IN_FLIGHT';
const hasSucceeded = ({ status }: OracleRun): boolean => status === 'SUCCEEDED';

export function lowSuccess(runs: OracleRun[]): OracleFinding[] {
  const found: OracleFinding[] = [];
  const ended = runs.filter(hasEnded);
  for (const [place, word] of PLACES) {
    for (const value of new Set(ended.map((run) => run[place]))) {
      if (value === null) continue;
      const own = ended.filter((run) => run[place] === value);
      const others = ended.filter((run) => run[place] !== value);
      if (own.length < 20 || others.length < 20) continue;
      const [good, otherGood] = [own.filter(hasSucceeded).length, others.filter(hasSucceeded).length];
      if (otherGood / others.length - good / own.length < 0.05) continue;
      if (!differ(good, own.length, otherGood, others.length)) continue;
      const bad = own.filter((run) => !hasSucceeded(run));
      found.push({
        kind: 'Low success',
        of: `${word} ${value}`,
        runs: own.length,
        cents: bad.length === 0 ? 0 : sumOf(bad),
      });
    }
  }
  return top(found);
}

export function dearSuccess(runs: OracleRun[]): OracleFinding[] {
  const found: OracleFinding[] = [];
  for (const [place, word] of PLACES) {
    const groups = [...new Set(runs.map((run) => run[place]))].flatMap((value) => {
      const own = runs.filter((run) => run[place] === value);
      const ended = own.filter(hasEnded);
      const good = own.filter(hasSucceeded).length;
      const [cents, known] = [sumOf(own), ended.filter((run) => run.cents !== null).length];
      if (own.length < 20 || good === 0 || cents === null || known / ended.length < 0.95) return [];
      return [{ value, count: own.length, good, cents, each: cents / good }];
    });
    if (groups.length === 0) continue;
    const sorted = groups.map(({ each }) => each).sort((a, b) => a - b);
    const half = sorted.length / 2;
    const median = Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
    for (const { value, count, good, each } of groups) {
      if (value === null || median === 0 || each <= 2 * median) continue;
      found.push({ kind: 'Dear success', of: `${word} ${value}`, runs: count, cents: (each - median) * good });
    }
  }
  return top(found);
}

function sumOf(runs: OracleRun[]): number | null {
  const known = runs.flatMap(({ cents }) => (cents === null ? [] : [cents]));
  return known.length === 0 ? null : known.reduce((sum, cents) => sum + cents, 0);
}

function top(found: OracleFinding[]): OracleFinding[] {
  return found.sort((a, b) => (b.cents ?? 0) - (a.cents ?? 0)).slice(0, MOST);
}

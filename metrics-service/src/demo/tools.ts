import { DAY_MS } from './calendar.js';
import type { CloudEvent } from '../contract/cloud-event.js';
import { Draw } from './draw.js';
import { demoEvent, iso } from './event.js';

/** Tool calls are told of the runs of that many days. */
const TOLD_MS = 15 * DAY_MS;
/** Since then agents have a browser, and every second call of it runs into its time limit. */
const BROWSER_MS = 8 * DAY_MS;
export const BROWSER = 'mcp__browser__open';
const BROWSER_LIMIT_MS = 30_000;

interface Tool {
  readonly weight: number;
  readonly medianMs: number;
  readonly failures: number;
  readonly error: string;
  readonly operation?: 'read' | 'modified' | 'created';
}

const TOOLS: Readonly<Record<string, Tool>> = {
  Read: { weight: 30, medianMs: 60, failures: 0.02, error: 'FileNotFoundError', operation: 'read' },
  Bash: { weight: 26, medianMs: 5_000, failures: 0.13, error: 'ShellError' },
  Edit: { weight: 22, medianMs: 120, failures: 0.06, error: 'tool_use_error', operation: 'modified' },
  Grep: { weight: 10, medianMs: 180, failures: 0.01, error: 'tool_use_error' },
  Write: { weight: 6, medianMs: 100, failures: 0.01, error: 'tool_use_error', operation: 'created' },
  [BROWSER]: { weight: 7, medianMs: 4_000, failures: 0.5, error: 'TimeoutError' },
};
const FOLDERS = ['src/cart', 'src/search', 'src/sign-in', 'test/cart', 'jobs/nightly'];
const FILES = ['index.ts', 'total.ts', 'retry.ts', 'page.tsx', 'schema.sql'];

export interface ToolRun {
  readonly runId: string;
  readonly sessionId: string;
  readonly startMs: number;
  readonly endMs: number;
  /** how long it waited for a person */
  readonly awaitMs: number;
}

/** What a run called: draws of its own, so that nothing else of the demo changes. The first call has the run's wait. */
export function toolCallEvents(run: ToolRun, nowMs: number): CloudEvent[] {
  const { startMs, endMs } = run;
  if (startMs < nowMs - TOLD_MS) return [];
  const draw = Draw.of(`${run.runId}/tools`);
  const known = Object.keys(TOOLS).filter((name) => name !== BROWSER || startMs >= nowMs - BROWSER_MS);
  const count = draw.whole(1, 5);
  const pause = (endMs - startMs - run.awaitMs) / count;
  let atMs = startMs;
  return Array.from({ length: count }, (_, index) => {
    const waited = index === 0 ? run.awaitMs : 0;
    const name = waited > 0 ? 'Bash' : draw.weighted(known.map((one) => [one, TOOLS[one]!.weight] as const));
    const begunMs = Math.round(atMs + pause * draw.between(0.05, 0.3));
    atMs += pause + waited;
    return toolCallEvent(draw, run, { name, number: index + 1, begunMs, waited, mostMs: pause * 0.65 });
  });
}

interface Call {
  readonly name: string;
  readonly number: number;
  readonly begunMs: number;
  readonly waited: number;
  readonly mostMs: number;
}

function toolCallEvent(draw: Draw, { runId, sessionId }: ToolRun, { name, number, begunMs, waited, mostMs }: Call) {
  const { medianMs, failures, error, operation } = TOOLS[name]!;
  const toolCallId = `${runId}-tool-${number}`;
  const outcome = outcomeOf(draw, { waited, name, failures });
  const limit = name === BROWSER && outcome.status === 'FAILED' ? BROWSER_LIMIT_MS : draw.skewed(medianMs);
  const tookMs = outcome.status === 'REJECTED' ? 0 : Math.round(Math.min(limit, mostMs));
  const endedMs = begunMs + waited + tookMs;
  const lines = operation === 'read' ? {} : { linesAdded: draw.whole(1, 40), linesDeleted: draw.whole(0, 20) };
  const file = { path: `${draw.one(FOLDERS)}/${draw.one(FILES)}`, operation, ...lines };
  return demoEvent('tool_call.recorded', toolCallId, endedMs, {
    ...{ toolCallId, sessionId, runId, name, startedAt: iso(begunMs), completedAt: iso(endedMs), ...outcome },
    ...(outcome.status === 'FAILED' ? { errorType: error } : {}),
    ...(waited > 0 ? { awaitStartedAt: iso(begunMs), awaitMs: waited } : {}),
    ...{ inputBytes: Math.round(draw.skewed(300, 1)), outputBytes: Math.round(draw.skewed(2_500, 1.2)) },
    ...(operation !== undefined && outcome.status === 'SUCCEEDED' ? { files: [file] } : {}),
  });
}

/** A person refuses some of what waits for them; a rule refuses a command here and there. */
function outcomeOf(draw: Draw, { waited, name, failures }: { waited: number; name: string; failures: number }) {
  if (waited > 0 && draw.chance(0.25)) return { status: 'REJECTED', rejectedBy: 'person' };
  if (name === 'Bash' && draw.chance(0.03)) return { status: 'REJECTED', rejectedBy: 'policy' };
  return { status: draw.chance(failures) ? 'FAILED' : 'SUCCEEDED' };
}

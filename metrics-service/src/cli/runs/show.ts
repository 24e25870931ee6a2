import pc from 'picocolors';
import { inWords } from '../../catalogue/index.js';
import { answerRun, type RunDetail } from '../../query/one-run.js';
import { Failure } from '../../failure.js';
import { resolveOrganization, withDatabase } from '../context.js';
import { isRich } from '../query.js';
import { rowValue } from '../render/json.js';
import { rowsOf, type ShownColumn, type ShownRow } from '../../presentation/rows.js';
import { textTable } from '../render/text-table.js';
import { printable, showTime, showValue } from '../../format/values.js';
import type { Surroundings } from '../surroundings.js';
import { sessionCommand } from './session-command.js';

export interface ShowFlags {
  org?: string;
  json?: boolean;
  color?: boolean;
}

/** `runboard runs show ID`: everything about one run, of any time. @throws Failure if it does not exist */
export async function showRun(surroundings: Surroundings, runId: string, flags: ShowFlags): Promise<void> {
  await withDatabase(surroundings, async (database) => {
    const owner = await resolveOrganization(database, flags.org);
    const detail = await answerRun(database, { orgId: owner, viewer: null }, { runId, now: surroundings.clock() });
    if (!detail) {
      throw new Failure(`${owner} has no run ${JSON.stringify(runId)}: \`runboard runs --last 1y\` lists those it has`);
    }
    const { stdout } = surroundings;
    stdout.write(flags.json ? runJson(owner, detail) : renderRun(owner, detail, isRich(stdout, flags.color)));
  });
}

/** `{organization, timezone, run, now, phase, phases, models, session_command}`: exact; null means unknown. */
function runJson(owner: string, detail: RunDetail): string {
  const { columns, rows } = rowsOf([detail.frame]);
  const { timezone, phase, phases, models } = detail;
  const session_command = sessionCommand(owner, rows[0]!, detail);
  const live = detail.now && rowsOf([detail.now]);
  const now = live && rowValue(live.columns, live.rows[0]!);
  const value = { organization: owner, timezone, run: rowValue(columns, rows[0]!), now, phase, phases, models };
  return `${JSON.stringify({ ...value, session_command })}\n`;
}

const ARTIFACTS = ['files_changed', 'lines_added', 'lines_deleted', 'tests_run', 'tests_passed'];
const isArtifact = (name: string): boolean => ARTIFACTS.includes(name) || name.startsWith('counter_');
const ELSEWHERE = ['run', 'status', 'failure_category', 'error_summary', 'session', 'user_id'];

/** The run for people: its facts, phases, calls by model, artifacts, and why it failed. */
export function renderRun(owner: string, detail: RunDetail, rich: boolean): string {
  const { bold } = pc.createColors(rich);
  const { columns, rows } = rowsOf([detail.frame]);
  const run = rows[0]!;
  const facts = (which: readonly ShownColumn[]): string[] => factLines(which, run, detail.timezone);
  const category = run.failure_category === null ? '' : ` (${textOf(run.failure_category)})`;
  const phase = run.status === 'IN_FLIGHT' && detail.phase !== null ? `, in phase ${printable(detail.phase)}` : '';
  const command = sessionCommand(owner, run, detail);
  const blocks: [string, string[]][] = [
    [
      `${printable(owner)}  run ${textOf(run.run)}: ${textOf(run.status)}${category}${phase}`,
      facts(columns.filter(({ name }) => !ELSEWHERE.includes(name) && !isArtifact(name))),
    ],
    ['Now', nowLines(detail)],
    ['Error', run.error_summary === null ? [] : (run.error_summary as string).split(/\r?\n/).map(printable)],
    ['Phases', phaseLines(detail)],
    ['Calls by model', modelLines(detail)],
    ['Artifacts', facts(columns.filter(({ name }) => isArtifact(name)))],
    ['Session', run.session === null ? [] : [textOf(run.session), ...(command ? [command] : [])]],
  ];
  return blocks
    .filter(([, lines], index) => index === 0 || lines.length > 0)
    .map(([head, lines]) => `${[bold(head), ...lines.map((line) => `  ${line}`.trimEnd())].join('\n')}\n`)
    .join('\n');
}

function textOf(value: unknown): string {
  return printable(value as string);
}

/** A line per known value; times include their zone. */
function factLines(columns: readonly ShownColumn[], run: ShownRow, timezone: string): string[] {
  const known = columns.filter(({ name }) => run[name] != null);
  const text = ({ name, kind }: ShownColumn): string =>
    kind === 'time' ? `${showTime(run[name] as number, timezone)}  ${timezone}` : showValue(run[name], kind, timezone);
  return table(
    ['', ''],
    known.map((column) => [column.title, text(column)]),
    2,
  ).slice(1);
}

/** What a run that is queued or in flight does. */
function nowLines({ now, timezone }: RunDetail): string[] {
  if (!now) return [];
  const { columns, rows } = rowsOf([now]);
  return factLines(columns, { ...rows[0]!, state: inWords('state', rows[0]!.state as string) }, timezone);
}

function phaseLines({ phases, timezone }: RunDetail): string[] {
  if (phases.length === 0) return [];
  const rows = phases.map(({ name, duration, share }) => [
    printable(name),
    showValue(duration, 'duration', timezone),
    showValue(share, 'share', timezone),
  ]);
  return table(['Phase', 'Duration', 'Share of the run'], rows, 1);
}

function modelLines({ models, timezone }: RunDetail): string[] {
  if (models.length === 0) return [];
  const rows = models.map(({ model, calls, input_tokens, output_tokens, total_cost }) => [
    model === null ? '(none)' : printable(model),
    showValue(calls, 'count', timezone),
    showValue(input_tokens, 'tokens', timezone),
    showValue(output_tokens, 'tokens', timezone),
    showValue(total_cost, 'money', timezone),
  ]);
  return table(['Model', 'Calls', 'Input tokens', 'Output tokens', 'Cost'], rows, 1);
}

/** The first `left` columns are left-aligned, the others right-aligned. */
function table(heads: readonly string[], rows: readonly (readonly string[])[], left: number): string[] {
  return textTable(
    heads.map((head, index) => ({ head, align: index < left ? ('left' as const) : ('right' as const) })),
    rows,
  );
}

import { Command } from 'commander';
import pc from 'picocolors';
import { BadUsage } from '../failure.js';
import { printable, showTime } from '../format/values.js';
import { ask, windowOf, type AnsweredQuestion, type QueryEngine } from '../mcp/asker.js';
import { explain } from '../mcp/coverage.js';
import { agentRecord } from '../mcp/tools/agent-record.js';
import { AGENT_METRICS, agentsQuery, RECORD_COLUMNS, recordQueries } from '../presentation/agent-record.js';
import { wholeNumber } from './options.js';
import { printAnswer, printNotices } from './print-answer.js';
import { isRich } from './query.js';
import { asked, withService, withWindow } from './query/options.js';
import { withQueryClient, type ClientFlags } from './query/client.js';
import { readFilters, type QueryFlags } from './query/request.js';
import { showWithInterval, withoutCompanions } from './render/interval.js';
import { answerValue } from './render/json.js';
import { tableLines } from './render/table.js';
import { textTable } from './render/text-table.js';
import type { Surroundings } from './surroundings.js';

type Flags = Omit<QueryFlags, 'limit'> & ClientFlags & { limit?: number; json?: boolean; color?: boolean };

const EXAMPLES = `
Examples:
  runboard agents --last 90d
  runboard agents --filter project=shop
  runboard agents builder-1 --json
`;

/** `runboard agents [AGENT]`: how agents do, or the record of one. */
export function agentsCommand(surroundings: Surroundings): Command {
  const command = new Command('agents')
    .description('how agents do, with 95 % intervals: a row each; or the record of one')
    .argument('[agent]', 'its name, as its runs state it');
  withWindow(command);
  command
    .option('--limit <n>', 'rows at most (default: 50 agents; of one, its latest 5 work items)', wholeNumber(1, 1000))
    .option('--json', 'exact numbers as JSON, with definitions; of one: what the MCP tool agent_record answers')
    .option('--no-color', 'no colours (also: NO_COLOR, or no terminal)');
  withService(command);
  command.addHelpText('after', EXAMPLES);
  return command.action(async (agent: string | undefined, flags: Flags) => {
    await asked(command, () =>
      agent === undefined ? listAgents(surroundings, flags) : showAgent(surroundings, agent, flags),
    );
  });
}

/** @throws BadUsage, BadQuestion, Failure */
async function listAgents(surroundings: Surroundings, flags: Flags): Promise<void> {
  const { clock, stdout } = surroundings;
  await withQueryClient(surroundings, { ...flags, now: clock() }, async (client) => {
    const engine = { ask: client.ask, clock };
    const query = { ...agentsQuery(readFilters(flags.filter ?? [])), ...(await windowOf(engine, spanOf(flags))) };
    const answer = await ask(engine, { ...query, limit: flags.limit });
    if (!flags.json) {
      printAnswer(surroundings, answer, { owner: client.owner, groupBy: ['agent'], color: flags.color });
      return;
    }
    const { answered, notices } = answer;
    const value = answerValue(answer, answered, { owner: client.owner, view: 'table', notices });
    stdout.write(`${JSON.stringify({ ...value, metrics: await explain(engine, AGENT_METRICS, query) })}\n`);
  });
}

function spanOf({ last, from, to, timezone }: Flags) {
  return { last, from, to, timezone };
}

const LATEST = 5;

/** @throws BadUsage, BadQuestion, Failure */
async function showAgent(surroundings: Surroundings, agent: string, flags: Flags): Promise<void> {
  const { clock, stdout } = surroundings;
  if (flags.filter) throw new BadUsage('--filter is for the list of agents: the record of one is over all of its runs');
  const limit = flags.limit ?? LATEST;
  await withQueryClient(surroundings, { ...flags, now: clock() }, async (client) => {
    const engine: QueryEngine = { ask: client.ask, clock };
    if (flags.json) {
      stdout.write(`${await agentRecord.answer(engine, { agent, limit, ...spanOf(flags) })}\n`);
      return;
    }
    const window = await windowOf(engine, spanOf(flags));
    const queries = recordQueries(agent, limit);
    const record = await ask(engine, { ...queries.record, ...window });
    const rich = isRich(stdout, flags.color);
    const { bold } = pc.createColors(rich);
    const { answered } = record;
    const ends = [answered.window.from, answered.window.to].map((ms) => showTime(ms, answered.timezone)).join(' to ');
    const table = async (
      title: string,
      query: Record<string, unknown>,
      names?: readonly string[],
    ): Promise<string[]> => {
      const found = await ask(engine, { ...query, ...window });
      const shown = names ? { ...found, columns: found.columns.filter(({ name }) => names.includes(name)) } : found;
      const look = { timezone: answered.timezone, rich, width: Infinity, metrics: [], groupBy: ['model'] };
      return found.rows.length === 0 ? [] : ['', bold(title), ...tableLines(shown, look)];
    };
    const lines = [
      `${bold(printable(client.owner))}  agent ${printable(agent)}  ${ends}  ${answered.timezone}`,
      '',
      ...numberLines(record),
      ...(await table('By model', queries.models)),
      ...(await table('Latest work items', queries.work_items, RECORD_COLUMNS.work_items)),
      ...(await table('Latest escalations', queries.escalations, RECORD_COLUMNS.escalations)),
    ];
    stdout.write(`${lines.join('\n')}\n`);
    printNotices(surroundings, record.notices, flags.color);
  });
}

/** A line per number of the only row. */
function numberLines({ columns, rows, answered }: AnsweredQuestion): string[] {
  const lines = withoutCompanions(columns).map((column) => [
    column.title,
    showWithInterval(rows[0]!, column, answered.timezone),
  ]);
  const heads = [
    { head: '', align: 'left' },
    { head: '', align: 'left' },
  ] as const;
  return textTable(heads, lines).slice(1);
}

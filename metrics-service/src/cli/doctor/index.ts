import { Command, Option } from 'commander';
import { Failure } from '../../failure.js';
import { reach, serviceUrl } from '../context.js';
import { FORMATS, type Format } from '../import/formats.js';
import { ORG_FLAG } from '../options.js';
import { isRich } from '../query.js';
import { asked } from '../query/options.js';
import type { Surroundings } from '../surroundings.js';
import { lookForFollower } from './following.js';
import type { Line } from './line.js';
import { lookForTranscripts } from './machine.js';
import { lookAtOrganization } from './organization.js';
import { doctorText } from './print.js';
import { lookAtService, type Target } from './service.js';

interface Flags {
  url?: string;
  token?: string;
  org?: string;
  last?: string;
  quick?: boolean;
  json?: boolean;
  color?: boolean;
}

const MORE = `
Lines: ok; !! somebody should do something; -- good to know; ?? could not be looked at.
Exit code: 0 if nothing needs attention, 1 if a line (!!) does.

Examples:
  runboard doctor
  runboard doctor --url https://runboard.example.com --token "$TOKEN"
  runboard doctor --quick --json
`;

/** `runboard doctor`: whether everything is as it should be, from this machine's transcripts to the organization's data. */
export function doctorCommand(surroundings: Surroundings): Command {
  const command = new Command('doctor')
    .description(
      'look at this machine as an import would, at the service and at an organization’s data; say what to do',
    )
    .option('--url <url>', 'another service (default: the local one)')
    .addOption(
      new Option('--token <token>', 'a token of it; with scope read, its organization is looked at').env(
        'RUNBOARD_TOKEN',
      ),
    )
    .option(...ORG_FLAG)
    .option('--last <duration>', 'the window of the organization’s data: 24h, 7d, 4w (default: 30d)')
    .option('--quick', 'do not read the transcripts')
    .option('--json', 'print JSON')
    .option('--no-color', 'no colours (also: NO_COLOR, or no terminal)')
    .addHelpText('after', MORE);
  return command.action((flags: Flags) => asked(command, () => examine(surroundings, flags)));
}

/** Looks at everything, and prints; sets exit code 1 if something needs attention. */
async function examine(surroundings: Surroundings, flags: Flags): Promise<void> {
  const machine = await each((format) => lookForTranscripts(format, surroundings, flags));
  const hasNone = !machine.some(({ check, count }) => check === 'folder' && count! > 0);
  const following = await each((format) => lookForFollower(format, surroundings, flags.org));
  const { done, ...target } = await targetOf(surroundings, flags);
  const service = await lookAtService(target, surroundings.clock).finally(() => done?.());
  const isHere = flags.url === undefined && flags.token === undefined;
  const organization = isHere || target.token !== null ? await lookAtOrganization(surroundings, flags) : [];
  const lines = [machine, hasNone ? [noTranscripts(organization)] : [], following, service, organization].flat();
  const isWell = lines.every(({ state }) => state !== 'attention');
  if (!isWell) process.exitCode = 1;
  const { stdout } = surroundings;
  stdout.write(
    flags.json ? `${JSON.stringify({ ok: isWell, lines })}\n` : doctorText(lines, isRich(stdout, flags.color)),
  );
}

async function each(look: (format: Format) => Promise<Line[]>): Promise<Line[]> {
  const found: Line[][] = [];
  for (const format of FORMATS) found.push(await look(format));
  return found.flat();
}

/** Nothing to do where the organization has runs: they come another way, or from other machines. */
function noTranscripts(organization: readonly Line[]): Line {
  const hasRuns = organization.some(({ check, count = 0 }) => check === 'trust' && count > 0);
  return {
    part: 'machine',
    check: 'transcripts',
    state: hasRuns ? 'note' : 'attention',
    count: 0,
    found: `no transcripts are where agents write them${hasRuns ? '; the organization has runs all the same' : ''}`,
    remedy: 'name the folder: runboard import claude-code PATH; or set CLAUDE_CONFIG_DIR or CODEX_HOME',
  };
}

/** The service that is meant, and a token of it: the one named, else one made for this look. */
async function targetOf(surroundings: Surroundings, flags: Flags): Promise<Target & { done?: () => Promise<void> }> {
  const { url = await serviceUrl(surroundings), token = null } = flags;
  if (flags.url !== undefined || token !== null) return { url, token, said: null };
  try {
    const reached = await reach(surroundings, flags, ['ingest', 'read']);
    return { ...reached, said: 'one made for this look' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { url, token, said: error.message };
  }
}

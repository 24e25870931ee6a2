import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { findJsonl } from '../../importers/files.js';
import { type ProblemFile, Problems } from '../../importers/problems.js';
import { Tally } from '../../importers/tally.js';
import { plural, showCount } from '../../format/numbers.js';
import { repoFinder } from '../git.js';
import { inOrg } from '../hint.js';
import type { Format } from '../import/formats.js';
import { progressLine } from '../import/report.js';
import { importedUser } from '../import/user.js';
import { spanText } from '../span.js';
import type { Surroundings } from '../surroundings.js';
import { firstOf, type Line, type State } from './line.js';

const PART = 'machine';

/** The transcripts of one kind of agent on this machine, as an import would find and read them. */
export async function lookForTranscripts(
  format: Format,
  surroundings: Surroundings,
  { quick = false, org }: { quick?: boolean; org?: string },
): Promise<Line[]> {
  const folders = format.folders(surroundings.environment, homedir());
  const found: Line[] = [];
  for (const folder of folders) found.push(await lookAtFolder(format, folder));
  const paths = folders.filter((folder) => existsSync(folder));
  if (quick || paths.length === 0) return found;
  return [...found, ...(await readThem(format, paths, surroundings, org))];
}

async function lookAtFolder({ name }: Format, folder: string): Promise<Line> {
  const line = { part: PART, check: 'folder' } as const;
  if (!existsSync(folder)) return { ...line, state: 'note', count: 0, found: `${name}: there is no ${folder}` };
  const files = await findJsonl([folder], new Problems(), true);
  const stats = await Promise.all(files.map((file) => stat(file).catch(() => null)));
  const bytes = stats.reduce((sum, one) => sum + (one?.size ?? 0), 0);
  const newest = stats.reduce((latest, one) => Math.max(latest, one?.mtimeMs ?? 0), 0);
  const packed = files.filter((file) => file.endsWith('.zst')).length;
  const words = [
    plural(files.length, 'file'),
    ...(packed > 0 ? [`${showCount(packed)} of them packed (.jsonl.zst)`] : []),
    ...(files.length > 0 ? [`${showCount(Math.ceil(bytes / 1e5) / 10)} MB`, `the newest of ${isoMinute(newest)}`] : []),
  ];
  const state: State = files.length > 0 ? 'ok' : 'note';
  return { ...line, state, count: files.length, found: `${name}: ${folder}: ${words.join(', ')}` };
}

/** Reads all of it and sends nothing. */
async function readThem(
  format: Format,
  paths: string[],
  { clock, stderr }: Surroundings,
  org: string | undefined,
): Promise<Line[]> {
  const { name } = format;
  const problems = new Problems();
  const tally = new Tally();
  const progress = progressLine(stderr, clock);
  const { userId, by } = importedUser();
  const reading = { paths, userId, repoOf: repoFinder(), withText: false, clock, problems, onProgress: progress.show };
  for await (const events of format.read(reading)) tally.add(events);
  progress.clear();
  const { events, sessions, runs, calls } = tally.totals();
  const counted = [plural(sessions, 'session'), plural(runs, 'run'), plural(calls, 'call')].join(', ');
  const when = tally.span ? `, runs ${spanText(tally.span)}` : '';
  const lines: Line[] = [];
  if (runs + calls > 0) {
    lines.push({
      part: PART,
      check: 'would_send',
      state: 'ok',
      count: events,
      found: `${name}: an import would tell of ${counted}${when}, as of ${userId ?? 'nobody'} (${by})`,
      remedy: `runboard import ${name}${inOrg(org)}`,
    });
  }
  return [...lines, ...problemsOf(name, problems)];
}

function problemsOf(name: string, problems: Problems): Line[] {
  const { files, lines: badLines, unused } = problems;
  const isUnused = ({ first: [problem] }: ProblemFile) => problem?.unused === true;
  const unreadable = { files: files.filter((file) => !isUnused(file)), count: problems.count - unused };
  const badFiles = unreadable.count - badLines;
  const lines: Line[] = [];
  if (unreadable.count > 0) {
    const what = [badFiles > 0 ? plural(badFiles, 'file') : [], badLines > 0 ? plural(badLines, 'line') : []];
    lines.push({
      part: PART,
      check: 'unreadable',
      state: 'attention',
      count: unreadable.count,
      found: `${name}: ${what.flat().join(' and ')} cannot be read`,
      remedy:
        badFiles > 0
          ? 'let this account read the files; what else can be read is imported'
          : 'nothing, if the lines were torn: all else is imported',
      details: firstOf(unreadable),
    });
  }
  if (unused > 0) {
    lines.push({
      part: PART,
      check: 'unused',
      state: 'note',
      count: unused,
      found: `${name}: of ${plural(unused, 'file')} nothing would be used`,
      details: firstOf({ files: files.filter(isUnused), count: unused }),
    });
  }
  return lines;
}

/** In UTC. */
function isoMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

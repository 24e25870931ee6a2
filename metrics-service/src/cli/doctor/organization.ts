import { Failure } from '../../failure.js';
import { NOTHING, printable, showTime } from '../../format/values.js';
import { plural, showCount, showDuration, showShare } from '../../format/numbers.js';
import { metaOf, rowsOf, type ShownRow } from '../../presentation/rows.js';
import type { WindowFlags } from '../../presentation/window.js';
import { needsZone, readWindow } from '../../presentation/window.js';
import { framesOf, ownZone } from '../query.js';
import { withQueryClient, type ClientFlags, type QueryClient } from '../query/client.js';
import type { Surroundings } from '../surroundings.js';
import type { Line } from './line.js';

const PART = 'organization';
const MOST_SOURCES = 10;
const TRUST = ['runs', 'cost_coverage', 'token_coverage'];

/** What is missing or wrong in an organization's data, as the view data_quality says it. */
export async function lookAtOrganization(
  surroundings: Surroundings,
  flags: ClientFlags & WindowFlags,
): Promise<Line[]> {
  const now = surroundings.clock();
  try {
    return await withQueryClient(surroundings, { ...flags, now }, async (client) => {
      const window = readWindow(flags, now, needsZone(flags) ? await ownZone(client) : 'UTC');
      const asked = async (query: object) => {
        const frames = framesOf(await client.ask({ queries: [{ refId: 'A', ...window, ...query }] }));
        return { rows: rowsOf(frames).rows, zone: metaOf(frames).answered.timezone };
      };
      const { rows, zone } = await asked({ view: 'data_quality' });
      return [await trustLine(client, asked), ...(await sourcesLine(asked)), ...rows.map((row) => lineOf(row, zone))];
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ part: PART, check: 'data', state: 'unknown', found: `not looked at: ${error.message}` }];
  }
}

type Ask = (query: object) => Promise<{ rows: readonly ShownRow[] }>;

/** An age is 0 of what is ahead of the clock, too. */
function ageText(ms: number): string {
  return ms === 0 ? 'of now, or ahead of the clock' : `${showDuration(ms)} old`;
}

/** How long each source has been silent; none where sources are not shown to this token. */
async function sourcesLine(asked: Ask): Promise<Line[]> {
  const { rows } = await asked({ view: 'table', metrics: ['source_age'], groupBy: ['source'] });
  if (rows.length === 0) return [];
  const shown = rows
    .slice(0, MOST_SOURCES)
    .map(
      ({ source, source_age: age }) =>
        `${printable(String(source))}: ${typeof age === 'number' ? ageText(age) : NOTHING}`,
    );
  const details = rows.length > shown.length ? [...shown, `… and ${rows.length - shown.length} more`] : shown;
  const found = `the newest data of ${plural(rows.length, 'source')}, the longest silent first`;
  return [{ part: PART, check: 'sources', state: 'note', count: rows.length, found, details }];
}

/** How far its numbers can be trusted, as the overview says it. */
async function trustLine({ owner }: QueryClient, asked: Ask): Promise<Line> {
  const [all = {}] = (await asked({ view: 'total', metrics: TRUST })).rows;
  const [age = {}] = (await asked({ view: 'total', metrics: ['data_age'] })).rows;
  const of = (value: unknown, show: (value: number) => string) => (typeof value === 'number' ? show(value) : NOTHING);
  const found =
    `${printable(owner)}: ${of(all.runs, (runs) => plural(runs, 'run'))}, cost known for ${of(all.cost_coverage, showShare)}, tokens for ` +
    `${of(all.token_coverage, showShare)}, the newest data ${of(age.data_age, ageText)}`;
  return { part: PART, check: 'trust', state: 'note', count: typeof all.runs === 'number' ? all.runs : 0, found };
}

function lineOf({ check, what, count, since, names, remedy }: ShownRow, zone: string): Line {
  const line = { part: PART, check: String(check) } as const;
  if (typeof count !== 'number')
    return { ...line, state: 'unknown', found: `${String(what)}: not shown to this token` };
  const first = typeof since === 'number' ? `, since ${showTime(since, zone)}` : '';
  const which = typeof names === 'string' ? `: ${printable(names)}` : '';
  return {
    ...line,
    state: count > 0 ? 'attention' : 'ok',
    count,
    found: `${String(what)}: ${showCount(count)}${count > 0 ? `${first}${which}` : ''}`,
    ...(typeof remedy === 'string' ? { remedy: printable(remedy) } : {}),
  };
}

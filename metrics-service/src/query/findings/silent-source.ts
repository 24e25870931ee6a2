import type { QuestionContext } from '../context.js';
import { showDuration } from '../../format/numbers.js';
import { seesSources, silentSources } from '../sources.js';
import { MOST_OF_A_KIND, type Facts, type Finding, type FindingKind } from './finding.js';

const DAY_MS = 86_400_000;
const SILENT_MS = 3 * DAY_MS;
/** What has not been heard of for so long is no longer in use. */
const FORGOTTEN_MS = 90 * DAY_MS;

/** Sources that were heard of in the last 90 days, and not in the last three: as of now, in windows that reach to now. */
export const silentSource: FindingKind = { id: 'silent_source', title: 'Silent source', find };

async function find(context: QuestionContext, { rows }: Facts): Promise<Finding[]> {
  if (!seesSources(context.scope) || rows.filters.length > 0 || rows.window.to < context.now - DAY_MS) return [];
  const { now } = context;
  const silent = await silentSources(context, { from: now - FORGOTTEN_MS, to: now - SILENT_MS });
  return silent.slice(0, MOST_OF_A_KIND).map(({ source, newestMs }) => ({
    what: `Source ${source} has sent nothing for ${showDuration(now - newestMs)}`,
    since: newestMs,
    runs: null,
    money: null,
    to: null,
  }));
}

import type { QuestionContext } from '../context.js';
import { seesSources, silentSources } from '../sources.js';
import { showDuration } from '../../format/numbers.js';
import { DAY_MS, MOST_NAMES, unseen, type Finding } from './finding.js';

const [CHECK, TITLE] = ['silent_sources', 'Sources silent for 3 days'];
const SILENT_MS = 3 * DAY_MS;
/** What has not been heard of for so long is no longer in use. */
const FORGOTTEN_MS = 90 * DAY_MS;

/** Sources of events that were heard of in the last 90 days, and not in the last three. */
export async function sourceFindings(context: QuestionContext): Promise<Finding[]> {
  if (!seesSources(context.scope)) return [unseen(CHECK, TITLE)];
  const { now } = context;
  const silent = await silentSources(context, { from: now - FORGOTTEN_MS, to: now - SILENT_MS });
  return [
    {
      check: CHECK,
      title: TITLE,
      count: silent.length,
      since: silent.at(-1)?.newestMs ?? null,
      names: silent.slice(0, MOST_NAMES).map(({ source, newestMs }) => `${source} (${showDuration(now - newestMs)})`),
      remedy:
        'where it should send: `runboard doctor --url URL --token TOKEN` on its machine says what keeps it from it',
      shows: null,
    },
  ];
}

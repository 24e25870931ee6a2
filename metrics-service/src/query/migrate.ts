import { InvalidQuery } from './invalid.js';

type Given = Readonly<Record<string, unknown>>;
type Step = (query: Given) => Given;

/** The steps from each version of a query to the next, the first from 1 to 2: one less than QUERY_VERSION. */
export const STEPS: readonly Step[] = [];

/**
 * Converts a saved query to the newest version; here and not in the editor, because alert rules never pass through the
 * editor. Without `version` it is version 1, so that hand-written queries keep their meaning. Pure.
 * @throws InvalidQuery for a version newer than this service
 */
export function migrateQuery(given: Given, steps = STEPS): Given {
  const version = Number(given.version ?? 1);
  // the schema refuses an invalid version, and says what is valid
  if (!Number.isSafeInteger(version) || version < 1) return given;
  const newest = steps.length + 1;
  if (version > newest) {
    throw new InvalidQuery(
      `the query was saved as version ${version}, and this service knows versions up to ${newest}: update the ` +
        'metrics service to the release of the plugin that saved it',
    );
  }
  return steps.slice(version - 1).reduce((query, step) => step(query), given);
}

import { InvalidQuery } from './invalid.js';

type Given = Readonly<Record<string, unknown>>;
type Step = (query: Given) => Given;

/** What brings a query from one version to the next, the first from 1 to 2: one step less than QUERY_VERSION. */
export const STEPS: readonly Step[] = [];

/**
 * A saved query as the newest version says it; here and not in the editor, because alert rules never pass that. One
 * without `version` is of version 1, so that what was written by hand keeps its meaning. Pure.
 * @throws InvalidQuery for a version that this service does not know yet
 */
export function migrateQuery(given: Given, steps = STEPS): Given {
  const version = Number(given.version ?? 1);
  // what is no version at all is refused by the schema, which says what it may be
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

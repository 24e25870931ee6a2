import { FINGERPRINT_HASH, failureFingerprint } from '../contract/failure-fingerprint.js';
import type { QuestionContext } from './context.js';
import type { Filter } from './filters.js';
import { Draft, lines } from './sql/statement.js';

/** One run's text for each hash in `found.value`, as `ft`: all runs of a hash have the same. */
export function joinFingerprintText(value: string, draft: Draft): string {
  return lines(
    'left join lateral (',
    '  select r.failure_fingerprint_text as text',
    `  from ${draft.table('runs')} r`,
    '  where r.org_id = $1',
    `    and r.failure_fingerprint = ${value}`,
    '  limit 1',
    ') ft on true',
  );
}

/** What failure fingerprints are shown as, by hash. */
export async function fingerprintTexts(
  context: QuestionContext,
  hashes: readonly string[],
): Promise<Map<string, string>> {
  // numbers over all without single runs tell nothing that one of them said
  if (hashes.length === 0 || context.scope.kind === 'totals') return new Map();
  const draft = new Draft(context.orgId);
  const sql = lines(
    'select found.value, ft.text',
    `from unnest(${draft.bind(hashes, 'text[]')}) as found (value)`,
    joinFingerprintText('found.value', draft),
    'where ft.text is not null',
  );
  const rows = (await context.ask(draft.statement(sql))) as { value: string; text: string }[];
  return new Map(rows.map(({ value, text }) => [value, text]));
}

/** Filters on `failure_fingerprint` with hashes for texts, of fingerprints or of errors. Pure. */
export function withFingerprints(filters: readonly Filter[]): readonly Filter[] {
  const hashOf = (value: string): string =>
    FINGERPRINT_HASH.test(value) ? value : (failureFingerprint(value)?.hash ?? value);
  return filters.map((filter) =>
    filter.dimension.name === 'failure_fingerprint' ? { ...filter, values: filter.values.map(hashOf) } : filter,
  );
}

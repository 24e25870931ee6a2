const PROVIDER_PATH = /^(?:anthropic|openai|azure|azure_ai|bedrock|vertex_ai|openrouter)\//;
const PROVIDER_DOMAIN = /^(?:(?:us|us-gov|eu|apac|ap|au|jp|ca|sa|global)\.)?(?:anthropic|openai)\./;
const DATE_OR_LATEST =
  /(?:-latest|[-@]20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|-20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))$/;

/**
 * The names under which a model may stand in the price table, the most exact first (design section 5): without
 * provider prefixes and a `[1m]` suffix, as it is and without the date or `-latest` behind it.
 */
export function tableNames(model: string): string[] {
  let bare = model;
  while (PROVIDER_PATH.test(bare)) bare = bare.replace(PROVIDER_PATH, '');
  bare = bare.replace(PROVIDER_DOMAIN, '').replace(/\[1m\]$/, '');
  const undated = bare.replace(DATE_OR_LATEST, '');
  return undated === bare ? [bare] : [bare, undated];
}

/** A name that the price table may have for a model, and what else the spelling of the model says. */
export interface TableName {
  name: string;
  /** the regional prefix that was removed, such as `us` of `us.anthropic.`, which may cost more; null: none */
  prefix: string | null;
  /** the name is that of the model's fast mode */
  fast: boolean;
}

/** The beginning of a cloud resource's name: `arn:aws:bedrock:us-east-1:1:inference-profile/`. */
const ARN = /^arn:aws(?<partition>-[a-z-]+)?:bedrock:.*\//;
/** The prefixes of gateways (provider) and clouds (publisher). */
const PROVIDER =
  /^(?:anthropic|openai|google|gemini|azure|azure_ai|bedrock|converse|invoke|claude_platform|vertex_ai|openrouter|vercel_ai_gateway|litellm_proxy|models|publishers\/(?:anthropic|openai|google)\/models)\//;
/** A region of Bedrock: those of the government cloud have their own prices. */
const BEDROCK_REGION = /^(?<place>us-gov|[a-z]{2})-[a-z]+-\d\//;
const DOMAIN = /^(?:(?<place>[a-z]{2,6}(?:-[a-z]{2,4})?)\.)?(?:anthropic|openai|google)\./;
/** Suffixes that do not affect the price: a cloud's version, a larger context, a beta, the default version. */
const DECORATION = /(?:\[1m\]|:1m|:beta|-v\d+(?::\d+)?|:\d+|@default)$/;
const DATE_OR_LATEST =
  /(?:-latest|[-@]20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|-20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))$/;

/**
 * The names that the price table may have for a model, the most exact first (design section 5): as it is, then without
 * the prefixes and suffixes of clouds and gateways, then without its date or `-latest`.
 */
export function tableNames(model: string): TableName[] {
  const names: TableName[] = [];
  let prefix: string | null = null;
  const add = (name: string, fast = false): void => {
    for (const written of spellings(name)) {
      if (!names.some((known) => known.name === written)) names.push({ name: written, prefix, fast });
    }
  };

  add(model);
  const arn = ARN.exec(model);
  if (arn?.groups?.partition === '-us-gov') prefix = 'us-gov';
  let bare = arn ? model.slice(arn[0].length) : model;
  while (PROVIDER.test(bare)) add((bare = bare.replace(PROVIDER, '')));
  const region = BEDROCK_REGION.exec(bare);
  if (region && model.includes('bedrock/')) {
    if (region.groups?.place === 'us-gov') prefix = 'us-gov';
    bare = bare.slice(region[0].length);
  }
  const domain = DOMAIN.exec(bare);
  if (domain) {
    prefix = domain.groups?.place ?? prefix;
    bare = bare.slice(domain[0].length);
  }
  add(bare);
  while (DECORATION.test(bare)) add((bare = bare.replace(DECORATION, '')));
  const undated = bare.replace(DATE_OR_LATEST, '');
  add(undated);
  if (undated.endsWith('-fast')) add(undated.slice(0, -'-fast'.length), true);
  return names;
}

/** A name as it is; with dashes for the dots of its version; and Claude's with version and family in either order. */
export function spellings(name: string): string[] {
  const dashed = name.replace(/(?<=\d)\.(?=\d)/g, '-');
  const swapped = dashed
    .replace(/^claude-(\d+(?:-\d)?)-(opus|sonnet|haiku|fable|mythos)\b/, 'claude-$2-$1')
    .replace(/^claude-(opus|sonnet|haiku)-(3(?:-\d)?)(?!\d)/, (all: string, family: string, version: string) =>
      dashed.startsWith(`claude-${version}`) ? all : `claude-${version}-${family}`,
    );
  return [name, dashed, swapped];
}

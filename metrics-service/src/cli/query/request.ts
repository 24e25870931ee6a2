import { INTERVAL_KINDS, NONE, querySchema } from '../../contract/query.js';
import { BadUsage } from '../../failure.js';
import type { WindowFlags } from '../../presentation/window.js';

/** The flags of `runboard query`; an option named like a member of a query is that member. */
export interface QueryFlags extends WindowFlags {
  by?: string[];
  filter?: string[];
  with?: string[];
  of?: string;
  interval?: string;
  compare?: boolean | string;
  intervals?: boolean | string;
  orderBy?: string;
  asc?: boolean;
  desc?: boolean;
  limit?: string;
  offset?: string;
  view?: string;
  explain?: boolean;
  timezone?: string;
}

const MEMBERS = Object.keys(querySchema.shape);

/** The body of POST /v1/query that the flags stand for. @throws BadUsage */
export function readRequest(
  metrics: readonly string[],
  flags: QueryFlags,
  window: { from: number; to: number },
): { queries: [Record<string, unknown>] } {
  const groupBy = splitCommas(flags.by ?? []);
  const isSeries = flags.interval !== undefined;
  const isTable = groupBy.length > 0 || flags.intervals !== undefined;
  const isContrast = flags.with !== undefined;
  const view = flags.view ?? (isContrast ? 'contrast' : isSeries ? 'series' : isTable ? 'table' : 'total');
  if (isSeries && view !== 'series' && view !== 'distribution') {
    throw new BadUsage(`--interval is for the views series and distribution only, not for ${view}`);
  }
  if (flags.intervals !== undefined && view !== 'table') {
    throw new BadUsage(`--intervals is for the view table only, not for ${view}`);
  }
  if (flags.asc && flags.desc) throw new BadUsage('--asc and --desc exclude each other');
  const query = {
    ...Object.fromEntries(Object.entries(flags).filter(([name]) => MEMBERS.includes(name))),
    refId: 'A',
    view,
    ...window,
    metrics: splitCommas(metrics),
    groupBy,
    by: readFilters(flags.with ?? [], '--with'),
    filters: readFilters(flags.filter ?? []),
    compare: flags.compare === true ? 'previous' : flags.compare,
    intervals: flags.intervals === true ? INTERVAL_KINDS[0] : flags.intervals,
    direction: flags.asc ? 'asc' : flags.desc ? 'desc' : undefined,
  };
  return { queries: [Object.fromEntries(Object.entries(query).filter(([, value]) => isSomething(value)))] };
}

function isSomething(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'object' || value === null || Object.keys(value).length > 0);
}

function splitCommas(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(',')).flatMap((text) => text.trim() || []);
}

const FILTER = /^\s*([^!=\s]+)\s*(!?=)(.*)$/s;

/** Parses `repo=web,api` and `team!=core`; may be repeated; a comma in a value is written `\,`. */
export function readFilters(texts: readonly string[], flag = '--filter'): Record<string, string[] | { not: string[] }> {
  const filters = new Map<string, { negated: boolean; values: string[] }>();
  for (const text of texts) {
    const [, name, sign, list] = FILTER.exec(text) ?? [];
    const values = (list ?? '').split(/(?<!\\),/).map((value) => value.replaceAll('\\,', ','));
    if (name === undefined || values.includes('')) {
      throw new BadUsage(
        `${flag} must be like repo=web,api or team!=core (rows without a value: team=${NONE}), not ${JSON.stringify(text)}`,
      );
    }
    const filter = filters.get(name) ?? { negated: sign === '!=', values: [] };
    if (filter.negated !== (sign === '!=')) {
      throw new BadUsage(`${flag} ${name} is given with both = and !=: use only one`);
    }
    filters.set(name, { ...filter, values: [...filter.values, ...values] });
  }
  return Object.fromEntries(
    [...filters].map(([name, { negated, values }]) => [name, negated ? { not: values } : values]),
  );
}

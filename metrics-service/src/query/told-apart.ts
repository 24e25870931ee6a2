import { inWords, type Dimension, type Metric } from '../catalogue/index.js';
import type { Notice } from '../contract/frames.js';
import { NONE } from '../contract/query.js';
import type { Asked, NamedGroup } from './asked.js';
import type { GroupedAnswer } from './groups.js';
import { WHOLE } from './grid.js';
import { areToldApart, type Share } from './intervals.js';

/** Pairs are made of so many groups, the first ones; so many pairs are named. */
const MOST_GROUPS = 20;
const MOST_NAMED = 3;
const LONGEST_NAME = 60;

interface Known extends NamedGroup {
  readonly share: Share;
}

type Pair = readonly [one: Known, other: Known];

/** Per share the pairs of groups whose difference may be chance: Newcombe's interval of it holds 0. */
export function toldApartNotices(
  shares: readonly Asked[],
  { grid, groups }: GroupedAnswer,
  dimensions: readonly Dimension[],
): Notice[] {
  return shares.flatMap(({ metric, value }) => {
    const known = groups.flatMap((named): Known[] => {
      const share = named.group === grid.remainder ? null : grid.cases(value, named.group, WHOLE);
      return share && share.of > 0 ? [{ ...named, share }] : [];
    });
    const pairs = pairsOf(known.slice(0, MOST_GROUPS), metric, dimensions);
    const alike = pairs.filter(([one, other]) => !areToldApart(one.share, other.share));
    if (alike.length === 0) return [];
    const isAll = alike.length === pairs.length && pairs.length > MOST_NAMED;
    const which = isAll ? 'no two groups are told apart' : `not told apart are ${inWordsOf(alike, dimensions)}`;
    const first = known.length > MOST_GROUPS ? ` (of the first ${MOST_GROUPS} groups)` : '';
    return [{ severity: 'info', text: `${metric.title}: ${which}; the difference may be chance${first}` }];
  });
}

/**
 * Of two groupings those that share the first: the same kind of work, another model. Parts of one whole depend on each
 * other: of those only the same part of different wholes is compared.
 */
function pairsOf(known: readonly Known[], { requires }: Metric, dimensions: readonly Dimension[]): Pair[] {
  const part = dimensions.findIndex(({ name }) => name === requires);
  const shared = part < 0 && dimensions.length > 1 ? 0 : part;
  const isComparable = ({ group: { key } }: Known, { group: other }: Known): boolean => {
    if (part >= 0 && key[part] === null) return false;
    return shared < 0 || key[shared] === other.key[shared];
  };
  return known.flatMap((one, index) =>
    known.slice(index + 1).flatMap((other): Pair[] => (isComparable(one, other) ? [[one, other]] : [])),
  );
}

function inWordsOf(pairs: readonly Pair[], dimensions: readonly Dimension[]): string {
  const nameOf = ({ names }: Known): string => {
    const words = names.map((name, index) => (name === null ? NONE : inWords(dimensions[index]!.name, name)));
    const text = words.join(' / ');
    return text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME)}…` : text;
  };
  const named = pairs.slice(0, MOST_NAMED).map(([one, other]) => `${nameOf(one)} and ${nameOf(other)}`);
  const more = pairs.length - named.length;
  return `${named.join('; ')}${more === 0 ? '' : `, and ${more} more ${more === 1 ? 'pair' : 'pairs'}`}`;
}

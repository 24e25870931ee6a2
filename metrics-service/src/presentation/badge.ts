import type { Badge } from '../contract/badge.js';
import { bandOf, BANDS } from '../contract/cost-bands.js';
import { showValue } from '../format/values.js';

/** How long an answer may be kept by whoever shows it. */
export const BADGE_SECONDS = 300;

const LABEL = 'agents';
const GREY = '#9f9f9f';
const COLOURS = new Map<string, string>(BANDS.map(({ name, colour }) => [name, colour]));

/** The badge of a work item that cost this much; null is unknown. */
export function badgeOf(usd: number | null): Badge {
  const shown =
    usd === null
      ? ({ message: 'unknown', color: 'lightgrey' } as const)
      : { message: showValue(usd, 'money', 'UTC'), color: bandOf(usd).name };
  return { schemaVersion: 1, label: LABEL, ...shown, cacheSeconds: BADGE_SECONDS };
}

/** In the place of a badge that is not there. */
export const NO_BADGE: Badge = {
  ...{ schemaVersion: 1, label: LABEL, message: 'no badge', color: 'lightgrey' },
  ...{ isError: true, cacheSeconds: BADGE_SECONDS },
};

/** Pixels of one letter, a little more than in the fonts named; `textLength` makes it so in every font. */
const LETTER = 7;
const PADDING = 6;

/** A badge as a picture. All of its words are ours or digits, so nothing in it needs escaping. */
export function badgeSvg({ label, message, color }: Badge): string {
  const [left, right] = [widthOf(label), widthOf(message)];
  const words = (text: string, from: number): string =>
    `<text x="${from + PADDING}" y="14" textLength="${text.length * LETTER}">${text}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}: ${message}">
  <title>${label}: ${message}</title>
  <clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>
  <g clip-path="url(#r)">
    <rect width="${left}" height="20" fill="#555"/>
    <rect x="${left}" width="${right}" height="20" fill="${COLOURS.get(color) ?? GREY}"/>
  </g>
  <g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
    ${words(label, 0)}
    ${words(message, left)}
  </g>
</svg>
`;
}

function widthOf(text: string): number {
  return text.length * LETTER + 2 * PADDING;
}

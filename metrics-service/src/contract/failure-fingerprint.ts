import { createHash } from 'node:crypto';

/** What summaries of one failure have in common. */
export interface FailureFingerprint {
  /** 16 hexadecimal digits */
  hash: string;
  /** the summary without what differs from case to case */
  text: string;
}

const MOST_CHARACTERS = 200;
/** Of a longer line only so much is looked at: what follows says little, and may have been made to take long. */
const MOST_READ = 2_000;
const MOST_ROUNDS = 10;
export const FINGERPRINT_HASH = /^[0-9a-f]{16}$/;

/** Colours of a terminal, and what else it is told. */
const ESCAPES = new RegExp(String.raw`\u001b(?:\[[0-?]*[ -/]*[@-~]|[@-_])`, 'g');

/** What differs from case to case, and what stands for it. In this order: what is an id may stand in a path. */
const PARTS: readonly (readonly [found: RegExp, mark: string])[] = [
  [/\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'`<>()]+/gi, '<url>'],
  [/[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}/g, '<email>'],
  [/"[^"]*"|`[^`]*`|“[^”]*”|«[^»]*»|(?<![\w>])'[^']*'(?!\w)|(?<!\w)‘[^’]*’(?!\w)/g, '<text>'],
  [/(?<![\w.])(?:[a-z]:)?(?:\\[\w.$ -]+){2,}(?::\d+){0,2}/gi, '<path>'],
  [/(?<![\w<])(?:~|\.{1,2}|@?[\w.$-]+)?(?:\/[\w.$@+-]+)+\/?(?::\d+){0,2}/g, '<path>'],
  [
    /(?<![\w/])[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|cs|c|h|cpp|swift|json|ya?ml|toml|md|sql|sh|css|html)(?::\d+){1,2}\b/g,
    '<path>',
  ],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, '<time>'],
  [/\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\b/g, '<time>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<host>'],
  [/\b0x[0-9a-f]+\b/gi, '<id>'],
  // a hash, or an id of letters and digits in turns; E2BIG, TS2345 and sha256 are none
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b(?<!\b\d+)/gi, '<id>'],
  [/\b(?=\w*\d\w*[a-z_]\w*\d|\w*[a-z_]\w*\d\w*[a-z_])\w{8,}\b/gi, '<id>'],
  [/(?<![\w.])[+-]?\d[\d_,.]*(?=[a-zµ]{0,3}\b|%)/gi, '<n>'],
  [/(?<=[a-z_-])\d+\b/g, '<n>'],
  [/<n>(?:(?:, ?| |-|\.)<n>)+/g, '<n>'],
];

/** The fingerprint of an error's summary; null where it says nothing. Its text has the same one. Pure. */
export function failureFingerprint(summary: string): FailureFingerprint | null {
  let text = tellingLine(summary.replace(ESCAPES, '')).slice(0, MOST_READ).toWellFormed();
  // what is left may look like another part, now that its neighbour is gone
  for (let [rounds, before] = [0, '']; text !== before && rounds < MOST_ROUNDS; rounds += 1) {
    before = text;
    text = withoutParts(text);
  }
  if (text === '') return null;
  return { hash: createHash('sha256').update(text).digest('hex').slice(0, 16), text };
}

function withoutParts(text: string): string {
  let left = text;
  for (const [found, mark] of PARTS) left = left.replace(found, mark);
  left = left.replace(/\s+/g, ' ').trim();
  return [...left]
    .slice(0, MOST_CHARACTERS)
    .join('')
    .replace(/[\s.:;,…-]+$/, '');
}

/** The first line that says something; of Python's tracebacks the last. */
function tellingLine(summary: string): string {
  const lines = summary.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return (lines[0]?.startsWith('Traceback (most recent call last)') ? lines.at(-1) : lines[0]) ?? '';
}

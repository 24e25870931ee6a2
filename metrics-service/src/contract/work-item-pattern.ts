import { RE2JS } from 're2js';
import { MAX_ITEM_CHARACTERS } from './values.js';

/** Longest pattern, and most steps of its program: together with the branch's length they bound the time of a match. */
const MAX_PATTERN_CHARACTERS = 200;
const MAX_PROGRAM_SIZE = 500;
/** Git stores a branch as a file: its names are no longer. */
const MAX_BRANCH_CHARACTERS = 255;

/** Why this is no pattern of work items in branches; null if it is one. */
export function patternFault(pattern: string): string | null {
  if (pattern.length > MAX_PATTERN_CHARACTERS) return `is longer than ${MAX_PATTERN_CHARACTERS} characters`;
  try {
    return RE2JS.compile(pattern).programSize() > MAX_PROGRAM_SIZE ? 'is too large: repeat less' : null;
  } catch (error) {
    return `is no regular expression in RE2 syntax: ${(error as Error).message}`;
  }
}

/**
 * A function that finds the work item in a branch's name: what the pattern's first group matched, else the whole match; null
 * without a match. The time it takes is linear in the length of the branch. @throws Error if the pattern has a fault
 */
export function workItemIn(pattern: string): (branch: string) => string | null {
  const compiled = RE2JS.compile(pattern);
  return (branch) => {
    const matcher = compiled.matcher(branch.slice(0, MAX_BRANCH_CHARACTERS));
    if (!matcher.find()) return null;
    const group = matcher.groupCount() > 0 ? matcher.group(1) : null;
    const found = group ? group : matcher.group();
    return found && found.isWellFormed() && found.length <= MAX_ITEM_CHARACTERS ? found : null;
  };
}

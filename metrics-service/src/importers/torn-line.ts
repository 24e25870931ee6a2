type JsonObject = Record<string, unknown>;

/** A record, where it begins, and the place behind its end. */
interface Found {
  start: number;
  end: number;
  object: JsonObject;
}

const BLANK = /[\s\0]*/y;
/** Attempts to parse what turns out to be none: enough for any real line, and never more than a moment. */
const MOST_FAILURES = 1000;
/** Characters of failed attempts, in lengths of the line: what keeps the time linear. */
const MOST_REREADS = 2;

/**
 * The objects of a line that is not one JSON value: first those that follow each other from its beginning, then, where
 * one of them is cut off, those that `looksWhole` takes for records. `whole`: nothing else stood in it.
 */
export function findObjects(
  text: string,
  looksWhole: (object: JsonObject) => boolean,
): { objects: JsonObject[]; whole: boolean } {
  const objects: JsonObject[] = [];
  let rest = blankFrom(text, 0);
  let whole = !text.includes('\0');
  for (;;) {
    const end = text[rest] === '{' ? objectEnd(text, rest) : null;
    const object = end === null ? null : parseObject(text.slice(rest, end));
    if (end === null || !object) break;
    objects.push(object);
    rest = blankFrom(text, end);
  }
  if (rest < text.length) {
    whole = false;
    // what something else than an object follows may be the last piece of one whose beginning is lost
    const last = objects.at(-1);
    if (text[rest] !== '{' && last && !looksWhole(last)) objects.pop();
    for (const object of findRecords(text.slice(rest), looksWhole)) objects.push(object);
  }
  return { objects, whole };
}

/**
 * The records of a text whose beginning is lost or which is cut off somewhere. Where a cut fell into a string, what
 * follows has inside and outside of strings swapped: both readings are tried.
 */
function findRecords(text: string, looksWhole: (object: JsonObject) => boolean): JsonObject[] {
  const found = [false, true].flatMap((inString) => recordsOf(text, closedSpans(text, inString), looksWhole));
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let last = 0;
  return found.flatMap(({ start, end, object }) => {
    if (start < last) return [];
    last = end;
    return [object];
  });
}

/** The outermost spans that are records; one that is no JSON is looked into, one that is JSON is not. */
function recordsOf(text: string, spans: number[], looksWhole: (object: JsonObject) => boolean): Found[] {
  const found: Found[] = [];
  let failures = 0;
  let reread = 0;
  // from the back: a span comes after those that it contains
  let done = Infinity;
  for (let index = spans.length - 2; index >= 0; index -= 2) {
    const [start, end] = [spans[index]!, spans[index + 1]!];
    if (start >= done) continue;
    const object = parseObject(text.slice(start, end));
    if (object) {
      done = start;
      if (looksWhole(object)) found.push({ start, end, object });
    } else {
      failures += 1;
      reread += end - start;
      if (failures > MOST_FAILURES || reread > MOST_REREADS * text.length) break;
    }
  }
  return found;
}

/** Where a brace and a quote stand, and behind the brace that closes it: pairs in the order of their ends. */
function closedSpans(text: string, startsInString: boolean): number[] {
  const spans: number[] = [];
  const open: number[] = [];
  let inString = startsInString;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x5c) {
      // a record may begin where another was cut off behind a backslash
      if (text.charCodeAt(at + 1) !== 0x7b) at += 1;
    } else if (char === 0x22) inString = !inString;
    else if (inString) continue;
    else if (char === 0x7b) open.push(at);
    else if (char === 0x7d) {
      const start = open.pop();
      if (start !== undefined && opensWithKey(text, start)) spans.push(start, at + 1);
    }
  }
  return spans;
}

function opensWithKey(text: string, start: number): boolean {
  return text.charCodeAt(start + 1) === 0x22 || text.charCodeAt(blankFrom(text, start + 1)) === 0x22;
}

function parseObject(text: string): JsonObject | null {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return null;
  }
}

/** Behind the brace that closes the one at `start`; null if none does. */
function objectEnd(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x5c) at += 1;
    else if (char === 0x22) inString = !inString;
    else if (inString) continue;
    else if (char === 0x7b) depth += 1;
    else if (char === 0x7d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

/** The first place from `at` on that is neither space nor NUL. */
function blankFrom(text: string, at: number): number {
  BLANK.lastIndex = at;
  BLANK.test(text);
  return BLANK.lastIndex;
}

export type JsonObject = Record<string, unknown>;

/** A line's JSON objects, and in words what else stood in it (null: nothing). */
export interface ParsedLine {
  objects: JsonObject[];
  fault: string | null;
}

const MOST_ATTEMPTS = 64;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the objects of one line: usually one; two where a line end was lost; those that can still be read where one
 * of them is cut off. `looksWhole` tells a record from a piece of one, where it does not stand alone.
 */
export function parseLine(text: string, looksWhole: (object: JsonObject) => boolean): ParsedLine {
  if (text.trim() === '') return { objects: [], fault: null };
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { objects: [value], fault: null } : { objects: [], fault: 'is JSON, but no object' };
  } catch {
    return parsePieces(text, looksWhole);
  }
}

function parsePieces(text: string, looksWhole: (object: JsonObject) => boolean): ParsedLine {
  const objects: JsonObject[] = [];
  let rest = 0;
  let clean = true;
  for (let at = text.indexOf('{'), attempts = 0; at >= 0 && attempts < MOST_ATTEMPTS; attempts += 1) {
    const end = objectEnd(text, at);
    const object = end === null ? null : parseObject(text.slice(at, end));
    const alone: boolean = clean && text.slice(rest, at).trim() === '';
    if (end !== null && object && (alone || looksWhole(object))) {
      clean = alone;
      objects.push(object);
      rest = end;
      at = text.indexOf('{', end);
    } else {
      clean = false;
      at = text.indexOf('{"', at + 1);
    }
  }
  const whole = clean && text.slice(rest).trim() === '';
  if (objects.length === 0) return { objects, fault: 'is no JSON' };
  return { objects, fault: whole ? null : 'is JSON in part only' };
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Behind the brace that closes the one at `start`; null if none does. */
function objectEnd(text: string, start: number): number | null {
  let depth = 0;
  let inText = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (inText) {
      if (char === 0x5c) at += 1;
      else if (char === 0x22) inText = false;
    } else if (char === 0x22) inText = true;
    else if (char === 0x7b) depth += 1;
    else if (char === 0x7d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

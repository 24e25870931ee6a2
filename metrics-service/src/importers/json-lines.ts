import { findObjects } from './torn-line.js';

export type JsonObject = Record<string, unknown>;

/** A line's JSON objects, and what is wrong with the rest of it (null: nothing). */
export interface ParsedLine {
  objects: JsonObject[];
  fault: string | null;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the objects of one line: usually one; several where line ends were lost; those that can still be read where
 * one of them is cut off. `looksWhole` tells a record from a piece of one, where it does not stand alone. Takes time
 * linear in the line.
 */
export function parseLine(text: string, looksWhole: (object: JsonObject) => boolean): ParsedLine {
  if (text.trim() === '') return { objects: [], fault: null };
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { objects: [value], fault: null } : { objects: [], fault: 'is JSON, but not an object' };
  } catch {
    const { objects, whole } = findObjects(text, looksWhole);
    if (objects.length === 0) return { objects, fault: 'is not JSON' };
    return { objects, fault: whole ? null : 'is only partly JSON' };
  }
}

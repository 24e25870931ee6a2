import { type z } from 'zod';
import { Failure } from '../../failure.js';
import { copyOf, finishUndo, readText, settingsOf, writeText } from './settings-file.js';

type Json = Record<string, unknown>;

/** What a file holds, what it would hold, and the way there. */
export interface Change {
  readonly found: string;
  readonly text: string;
  apply(): Promise<void>;
}

/** A file of a tool that is merged into, and how; undone, what it holds besides stays. */
export interface ToolFile {
  readonly path: string;
  /** @throws Failure it cannot be merged into */
  merge(): Promise<Change>;
  /** @throws Failure it was not written by us, or cannot be told apart */
  undo(): Promise<Change>;
}

/** `undone` may answer '': nothing is left, and there was none before. */
export function textFile(
  path: string,
  merged: (text: string) => string,
  undone: (text: string, before: string) => string,
): ToolFile {
  return {
    path,
    merge: async () => {
      const found = (await readText(path)) ?? '';
      const text = merged(found);
      return { found, text, apply: () => writeText(path, text) };
    },
    undo: async () => {
      const [found, before] = [await readText(path), await readText(copyOf(path))];
      if (found === null || before === null) throw nothingToUndo(path);
      const text = undone(found, before);
      return { found, text, apply: () => finishUndo(path, text) };
    },
  };
}

/** `shape`: what is merged into must be of it; anything else would be lost. */
export function jsonFile(
  path: string,
  shape: z.ZodType,
  merged: (settings: Json) => Json,
  undone: (settings: Json, before: Json) => Json,
): ToolFile {
  return textFile(
    path,
    (text) => shown(merged(settingsOf(text, path, shape, 'merge what is printed without --write'))),
    (text, before) => {
      const byHand = `take what is for this service out of it by hand (as it was: ${copyOf(path)})`;
      const former = settingsOf(before, copyOf(path), shape, byHand);
      const rest = undone(settingsOf(text, path, shape, byHand), former);
      return Object.keys({ ...rest, ...former }).length === 0 ? '' : shown(rest);
    },
  );
}

function shown(settings: Json): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

function nothingToUndo(path: string): Failure {
  return new Failure(`${path} was not written by runboard connect: nothing to undo`);
}

import { Failure } from '../../failure.js';
import {
  copyOf,
  finishUndo,
  finishUndoText,
  readSettings,
  readText,
  writeSettings,
  writeText,
} from './settings-file.js';

type Json = Record<string, unknown>;

/** A file of a tool that is merged into, and how; undone, what it holds besides stays. */
export interface ToolFile {
  readonly path: string;
  write(): Promise<void>;
  /** @throws Failure it was not written by us */
  undo(): Promise<void>;
}

export function textFile(
  path: string,
  merged: (text: string) => string,
  undone: (text: string, before: string) => string,
): ToolFile {
  return {
    path,
    write: async () => writeText(path, merged((await readText(path)) ?? '')),
    undo: async () => {
      const [text, before] = [await readText(path), await readText(copyOf(path))];
      if (text === null || before === null) throw nothingToUndo(path);
      await finishUndoText(path, undone(text, before));
    },
  };
}

export function jsonFile(
  path: string,
  merged: (settings: Json) => Json,
  undone: (settings: Json, before: Json) => Json,
): ToolFile {
  return {
    path,
    write: async () => writeSettings(path, merged((await readSettings(path)) ?? {})),
    undo: async () => {
      const [settings, before] = [await readSettings(path), await readSettings(copyOf(path))];
      if (settings === null || before === null) throw nothingToUndo(path);
      await finishUndo(path, undone(settings, before));
    },
  };
}

function nothingToUndo(path: string): Failure {
  return new Failure(`${path} was not written by runboard connect: nothing to undo`);
}

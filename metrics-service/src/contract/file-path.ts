import { z } from 'zod';
import { storableText } from './values.js';

/** Most files that one tool call names. */
export const MAX_FILES = 5_000;
/** The longest path, in characters. */
export const MAX_PATH_CHARACTERS = 1_000;
const MOST_FOLDERS = 20;

// The depth and extension of a path alone: of src/app/main.test.ts it is */*/*.ts. What is shortened already stays as it is.
export function withoutNames(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  const extension = /[^.](\.[A-Za-z0-9]{1,10})$/.exec(parts.at(-1) ?? '')?.[1] ?? '';
  return `${'*/'.repeat(Math.min(Math.max(parts.length - 1, 0), MOST_FOLDERS))}*${extension.toLowerCase()}`;
}

/** The path of a file; characters that cannot be stored become U+FFFD. */
export const filePath = z
  .string()
  .transform(storableText)
  .refine((path) => [...path].length <= MAX_PATH_CHARACTERS, {
    error: `is longer than ${MAX_PATH_CHARACTERS} characters`,
  })
  .meta({ maxLength: MAX_PATH_CHARACTERS });

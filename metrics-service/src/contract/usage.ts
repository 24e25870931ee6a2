import { z } from 'zod';
import { naturalNumber, list, name } from './values.js';

interface UsageCounts {
  inputTokens: number;
  cacheReadTokens?: number | null | undefined;
  cacheWriteTokens?: number | null | undefined;
  cacheWrite1hTokens?: number | null | undefined;
}

function checkUsage(usage: UsageCounts, context: z.core.$RefinementCtx): void {
  const cacheWrite = usage.cacheWriteTokens ?? 0;
  // a sum above 2^53 is not exact, but greater than any count all the same
  if ((usage.cacheReadTokens ?? 0) + cacheWrite > usage.inputTokens) {
    context.addIssue({
      code: 'custom',
      path: ['inputTokens'],
      message: 'must be at least cacheReadTokens + cacheWriteTokens: inputTokens includes the cached ones',
    });
  }
  if ((usage.cacheWrite1hTokens ?? 0) > cacheWrite) {
    context.addIssue({
      code: 'custom',
      path: ['cacheWrite1hTokens'],
      message: 'must be at most cacheWriteTokens, of which it is a part',
    });
  }
}

const members = {
  inputTokens: naturalNumber,
  outputTokens: naturalNumber,
  cacheReadTokens: naturalNumber.nullish(),
  cacheWriteTokens: naturalNumber.nullish(),
  cacheWrite1hTokens: naturalNumber.nullish(),
  reasoningTokens: naturalNumber.nullish(),
};

/** Token usage of one call; `inputTokens` includes the cached ones. */
export const callUsage = z.object(members).superRefine(checkUsage);
/** Token usage of a run, summed per model: of 200 models at most. */
export const runUsage = list(z.object({ ...members, model: name }).superRefine(checkUsage), 200);

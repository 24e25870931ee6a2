import { fold } from './fold.js';
import { type Members, readRollout, toBytes } from './rollouts.js';
import type { Owners } from '../../src/importers/codex/owners.js';

/** What a rollout's lines come to. */
export const folded = (lines: Members[], owners?: Owners) =>
  fold(readRollout(toBytes(lines), owners ? { owners } : {}).events);
/** callId, run, input, output of each call */
export const calls = (lines: Members[]): string[] =>
  [...folded(lines).calls.values()].map(({ callId, runId, usage }) => {
    const { inputTokens, outputTokens } = usage as Record<string, number>;
    return [
      String(callId).replace(/^(?:a[12]){4}-[^:]*:/, 'step '),
      String(runId).slice(0, 2),
      inputTokens,
      outputTokens,
    ].join(' ');
  });

import express, { Router, type RequestHandler } from 'express';
import { storableText } from '../contract/values.js';
import { UnreadableItem } from '../ingest/index.js';
import type { SeenOutcome } from '../ingest/telemetry-seen.js';
import { HOOK_SOURCE, mapClaudeCodeHook } from '../telemetry/claude-code/hooks.js';
import type { Mapped } from '../telemetry/records.js';
import { mapRunner, RUNNER_SOURCE } from '../telemetry/runner.js';
import type { Attributes } from '../telemetry/values.js';
import { requireScope } from './authenticate.js';
import { readValue } from './body/items.js';
import { bytesOf } from './body/read.js';
import type { Services } from './services.js';

/** A hook's own text is at most some KiB; results of tools can be large, and are not taken. */
const MOST_BYTES = 1024 * 1024;

interface Sender {
  readonly source: string;
  readonly map: (input: Attributes, receivedMs: number) => Mapped;
}

const SENDERS: Readonly<Record<string, Sender>> = {
  'claude-code': { source: HOOK_SOURCE, map: mapClaudeCodeHook },
  runner: { source: RUNNER_SOURCE, map: mapRunner },
};

/**
 * `POST /v1/hooks/claude-code` and `/v1/hooks/runner`. What a hook posts is answered with 200 and `{}`, known or not, usable
 * or not, too large or no JSON: an agent must not be disturbed. `runboard telemetry` shows what became of it.
 */
export function hooksRoutes(services: Services): Router {
  const { ingest, clock, telemetrySeen, monitoring } = services;
  const router = Router();
  for (const [name, { source, map }] of Object.entries(SENDERS)) {
    router.post(`/v1/hooks/${name}`, requireScope(services, 'ingest'), readBodyIfSmall, async (request, response) => {
      const { orgId, scopes } = response.locals.token;
      const input = response.locals.tooLarge ? null : inputOf(request);
      const mapped: Mapped =
        input === null
          ? { name: '', outcome: 'unusable', note: 'is no JSON object of at most 1 MiB', events: [] }
          : map(input, clock());
      const { rejected } = await ingest.ingest(orgId, [...mapped.events], scopes);
      const note = rejected[0] ? `${rejected[0].path} ${rejected[0].message}` : (mapped.note ?? null);
      const outcome = outcomeOf(mapped, rejected.length > 0);
      const seen = storableText(mapped.name.slice(0, 100));
      telemetrySeen.note(orgId, { signal: 'hooks', source, name: seen, outcome, note });
      const isKnown = mapped.outcome !== 'unknown' && seen !== '';
      monitoring.countTelemetry({ signal: 'hooks', name: isKnown ? seen : 'other', outcome });
      response.json({});
    });
  }
  return router;
}

export const HOOK_PATHS: readonly string[] = Object.keys(SENDERS).map((name) => `/v1/hooks/${name}`);

function outcomeOf({ outcome, events }: Mapped, isRejected: boolean): SeenOutcome {
  if (outcome !== 'mapped') return outcome;
  return isRejected ? 'rejected' : events.length > 0 ? 'events' : 'nothing';
}

const read = express.raw({ type: () => true, limit: MOST_BYTES });

/** Like `readBody`; a body that is too large is not read, and the request goes on without it. */
const readBodyIfSmall: RequestHandler = (request, response, next) => {
  read(request, response, (error?: unknown) => {
    response.locals.arrived();
    const isLarge = (error as { type?: string } | undefined)?.type === 'entity.too.large';
    if (!isLarge) return next(error);
    response.locals.tooLarge = true;
    response.set('Connection', 'close');
    next();
  });
};

/** The JSON object of a body; null if it is none. */
function inputOf(request: { body: unknown }): Attributes | null {
  try {
    const value = readValue(bytesOf(request));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && !(value instanceof UnreadableItem) ? (value as Attributes) : null;
  } catch {
    return null;
  }
}

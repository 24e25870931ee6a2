import type { Config } from '../../src/config.js';
import { testService, type TestService } from '../support/service.js';
import { WORLD } from './world-events.js';

export { BUDGETS, WORLD } from './world-events.js';

/** The week that the fixtures ask about, and when they ask. */
export const WINDOW = { from: Date.UTC(2026, 2, 2), to: Date.UTC(2026, 2, 9) };
export const NOW = Date.UTC(2026, 2, 10);

/** One result of POST /v1/query. */
export interface QueryResult {
  status: number;
  error?: string;
  frames: {
    schema: {
      refId: string;
      meta: {
        type?: string;
        custom?: Record<string, unknown>;
        notices?: { severity: string; text: string }[];
        executedQueryString?: string;
      };
      fields: any[];
    };
    data: { values: unknown[][] };
  }[];
}

export interface World extends TestService {
  /** asks one query over the week; `request`: members of the request around it */
  ask(query: unknown, request?: Record<string, unknown>): Promise<QueryResult>;
}

/** The service with the world in its organization `acme`. */
export async function startWorld(events: unknown[] = WORLD, now = NOW, config: Partial<Config> = {}): Promise<World> {
  const service = await testService({ clock: () => now, config });
  const { status, body } = await service.request('/v1/events', { body: events });
  if (status !== 200) {
    await service.stop();
    throw new Error(`the world was not accepted: ${JSON.stringify(body)}`);
  }
  return {
    ...service,
    async ask(query, request = {}) {
      const answer = await service.request('/v1/query', { body: { ...WINDOW, ...request, queries: [query] } });
      if (answer.status !== 200) throw new Error(`status ${answer.status}: ${JSON.stringify(answer.body)}`);
      return Object.values(answer.body.results)[0] as QueryResult;
    },
  };
}

/** A frame's rows as objects by field name. */
export function rowsOf({ frames }: QueryResult): Record<string, unknown>[] {
  const { schema, data } = frames[0]!;
  const rows = data.values[0] ?? [];
  return rows.map((_, row) =>
    Object.fromEntries(schema.fields.map((field, at) => [field.name, data.values[at]![row]])),
  );
}

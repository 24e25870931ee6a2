import { METRICS } from '../../src/catalogue/index.js';
import type { TestService } from './service.js';

/** Every metric by user over all time, as the service answers: the values by metric, or why there are none. */
export async function numbersOf(
  { request }: Pick<TestService, 'request'>,
  token: string,
): Promise<Record<string, unknown>> {
  // these look at the clock
  const queries = METRICS.filter(({ id, live }) => id !== 'data_age' && !live).map(({ id }) => ({
    ...{ refId: id, view: 'table', metrics: [id], groupBy: ['user'] },
  }));
  const body = {
    ...{ from: Date.parse('2000-01-01T00:00:00Z'), to: Date.parse('2099-01-01T00:00:00Z'), timezone: 'UTC' },
    queries,
  };
  const { results } = (await request('/v1/query', { token, body })).body;
  return Object.fromEntries(
    Object.entries(results as Record<string, any>).map(([id, { frames, error }]) => [id, frames?.[0].data ?? error]),
  );
}

import { testService, type Answer, type TestService } from './service.js';

export const AT = '2026-01-31T09:00:00Z';
export const ONE = { accepted: 1, duplicates: 0, rejected: [] };
let made = 0;
export const fresh = (): string => `id-${(made += 1)}`;
export const started = (runId: string) => ({ runId, sessionId: 's1', startedAt: AT });

/** A service, and what a sender of CloudEvents does with it. */
export interface Receiver {
  service: TestService;
  /** As it is sent, without the Content-Type that fetch would make up; the token alone is added. */
  send: (headers: Record<string, string>, body: string) => Promise<Answer>;
  /** the event of that id, as it is in the log */
  logged: (id: string) => Promise<Record<string, any> | undefined>;
}

export async function receiver(): Promise<Receiver> {
  const service = await testService();
  return {
    service,
    async send(headers, body) {
      const response = await fetch(`${service.address}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${service.token}`, ...headers },
        body: new TextEncoder().encode(body),
      });
      const text = await response.text();
      const parsed = text === '' ? null : JSON.parse(text);
      return { status: response.status, headers: response.headers, body: parsed };
    },
    async logged(id) {
      const { rows } = await service.database.inOrganization('acme', (tx) =>
        tx.query<Record<string, any>>('select source, type, data, attributes, time from events where id = $1', [id]),
      );
      return rows[0];
    },
  };
}

/** The headers of an event in binary mode. */
export const binary = (id: string, more: Record<string, string> = {}) => ({
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-source': '/broker',
  'ce-type': 'run.started',
  ...more,
});

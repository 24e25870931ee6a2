import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN, DATA_SOURCE_UID, FIRST_BOARD } from './settings.js';

const ATTEMPT_MS = 300;
const ANSWER_WITHIN_MS = 10_000;

/** Resolves to Grafana's version when it answers; to null once `until` is aborted. */
export async function waitUntilReady(url: string, until: AbortSignal): Promise<string | null> {
  while (!until.aborted) {
    const answer = await ask(`${url}/api/health`).catch(() => null);
    if (answer?.status === 200) return answer.body.version ?? '';
    await sleep(ATTEMPT_MS, undefined, { signal: until }).catch(() => {});
  }
  return null;
}

export interface Verdict {
  /** the problem with the data source, or null */
  complaint: string | null;
  /** whether the generated password is still valid */
  passwordWorks: boolean;
}

/** Runs Grafana's own check of the data source, which goes through the plugin to the service. */
export async function checkDataSource(url: string, adminPassword: string): Promise<Verdict> {
  const authorization = `Basic ${Buffer.from(`${ADMIN}:${adminPassword}`).toString('base64')}`;
  try {
    const { status, body } = await ask(`${url}/api/datasources/uid/${DATA_SOURCE_UID}/health`, { authorization });
    if (status === 401) return { complaint: null, passwordWorks: false };
    return { complaint: status === 200 ? null : (body.message ?? `status ${status}`), passwordWorks: true };
  } catch (error) {
    return { complaint: (error as Error).message, passwordWorks: true };
  }
}

/**
 * Who signs in comes to the overview, unless somebody has chosen another home. The setting of grafana.ini shows a copy
 * of the board, without a star and its versions, and holds until this is done, or where the password was changed.
 */
export async function openWithBoards(url: string, adminPassword: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${ADMIN}:${adminPassword}`).toString('base64')}`;
  const preferences = `${url}/api/org/preferences`;
  try {
    const { status, body } = await ask(preferences, { authorization });
    if (status !== 200 || body.homeDashboardUID) return;
    await fetch(preferences, {
      method: 'PATCH',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ homeDashboardUID: FIRST_BOARD }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch {
    // the copy is shown
  }
}

interface Answer {
  message?: string;
  version?: string;
  homeDashboardUID?: string;
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<{ status: number; body: Answer }> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  return { status: response.status, body: (await response.json()) as Answer };
}

/** What belongs to somebody, or opens something; each of them is sent in many places. */
export const SECRETS = [
  'ann.secret@example.com',
  'Ann Secret',
  'u-secret',
  'secret prompt',
  'secret summary',
  'secret-title',
];
export const [EMAIL, NAME, ID, PROMPT, SUMMARY, TITLE] = SECRETS as [string, string, string, string, string, string];
export const GUESSED = 'rb_guessed0guessed0guessed0guessed0guessed0g';
const WINDOW = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) };

export type Ask = (path: string, body?: unknown, headers?: Record<string, string>) => Promise<number>;

/** Sends requests with that token, with a body as JSON if it is no text; answers the status. */
export function asker(url: string, token: string): Ask {
  return async (path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    await response.text();
    return response.status;
  };
}

const at = '2026-01-10T09:00:00Z';
export const event = (id: string, type: string, data: object) => ({
  specversion: '1.0',
  id,
  source: EMAIL,
  type,
  time: at,
  data,
});
export const EVENTS = [
  event('u', 'user.upserted', { userId: ID, email: EMAIL, name: NAME }),
  event('s', 'session.created', { sessionId: 's', createdByUserId: ID, createdAt: at, title: TITLE }),
  event('m', 'message.created', { messageId: 'm', sessionId: 's', role: 'user', sentAt: at, userId: ID, text: PROMPT }),
  event('r', 'run.started', { runId: 'r', sessionId: 's', userId: ID, startedAt: at }),
  event('c', 'run.completed', { runId: 'r', completedAt: at, status: 'FAILED', errorSummary: SUMMARY }),
];
export const query = (more: object) => ({ ...WINDOW, queries: [{ refId: 'A', view: 'runs', ...more }] });

/** Requests that are answered and requests that are refused, with something secret in every place. Answers how those ended that must be answered. */
export async function sendAll(
  ask: Ask,
  { token, delegate, badge }: { token: string; delegate: string; badge: string },
): Promise<number[]> {
  const answered = [await ask('/v1/events', EVENTS)];
  await ask('/v1/events', [event(EMAIL, 'user.upserted', { userId: ID, name: 7, email: [EMAIL] }), PROMPT, null]);
  await ask('/v1/events', `{"name": "${NAME}", ${PROMPT}`);
  await ask('/v1/events', `<p>${NAME}</p>`, { 'content-type': `text/html; name="${NAME}"` });
  answered.push(await ask('/v1/query', query({ filters: { user: [NAME, ID] } })));
  await ask('/v1/query', query({ filters: { user: [EMAIL] }, orderBy: NAME, view: PROMPT, metrics: [EMAIL] }));
  await ask('/v1/query', { ...query({}), timezone: NAME });
  const hidden = encodeURIComponent(EMAIL);
  const parameters = `from=${WINDOW.from}&to=${WINDOW.to}&var-user=${ID}&access_token=${token}&x=${hidden}`;
  answered.push(await ask(`/v1/export/runs.csv?${parameters}`));
  await ask(`/v1/export/runs.csv?${parameters}&orderBy=${hidden}&filters=${hidden}`);
  await ask(`/v1/export/${hidden}.csv?${parameters}`);
  answered.push(await ask(`/v1/badges/${badge}.svg?x=${badge}`));
  for (const path of [`${badge}x.svg`, `${token}.json`, `${badge}.png`, badge]) await ask(`/v1/badges/${path}`);
  await ask(`/v1/badges/${badge}.svg`, {});
  await ask('/v1/me', undefined, { authorization: `Bearer ${badge}`, 'x-request-id': badge });
  await ask(`/v1/dimensions/user/values?search=${encodeURIComponent(NAME)}`);
  await ask(`/v1/dimensions/${hidden}/values`);
  for (const path of [`/v1/users/${ID}`, `/${hidden}`, `/docs/${hidden}`, `/v1/me/${token}`, `/%E0%A4%A/${ID}`]) {
    await ask(`${path}?token=${token}`);
  }
  const call = (name: string, args: object) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: args },
  });
  await ask('/mcp', call('query', { metrics: ['runs'], filters: { user: [NAME] } }));
  await ask('/mcp', call(EMAIL, { x: NAME }));
  await ask('/v1/me', undefined, {
    ...{ authorization: `Bearer ${delegate}`, 'x-runboard-viewer-kind': 'user', 'x-runboard-viewer-login': ID },
    ...{ 'x-runboard-viewer-email': EMAIL, 'x-runboard-viewer-role': 'Viewer', 'x-runboard-viewer-auth': EMAIL },
  });
  await ask('/v1/me', undefined, { 'x-runboard-viewer-email': EMAIL });
  await ask('/v1/me', undefined, { authorization: `Bearer ${GUESSED}` });
  await ask('/v1/me', undefined, { authorization: `Basic ${Buffer.from(`${EMAIL}:${token}`).toString('base64')}` });
  const marks = { 'x-request-id': token, 'user-agent': EMAIL, referer: `http://x/?${EMAIL}`, cookie: `a=${token}` };
  await ask('/v1/me', undefined, { ...marks, 'x-forwarded-for': EMAIL });
  return answered;
}

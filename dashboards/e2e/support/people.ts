import type { APIRequestContext, Browser, Page } from '@playwright/test';
import { contentOf, GRAFANA } from './grafana.js';

/** Somebody who looks, and everything that Grafana has told their browser: answers to questions and messages of Grafana Live. */
export interface Person {
  readonly page: Page;
  readonly heard: string[];
}

const PASSWORD = 'e2e-password';

/** A data source of Grafana whose people are who their e-mail says; answers its uid. */
export async function makeDatasource(request: APIRequestContext, name: string, token: string): Promise<string> {
  const answer = await request.post(GRAFANA('/api/datasources'), { data: datasource(name, token) });
  return (await contentOf<{ datasource: { uid: string } }>(answer)).datasource.uid;
}

/** From now on the data source has this token. */
export async function useToken(request: APIRequestContext, uid: string, token: string): Promise<void> {
  await contentOf(await request.put(GRAFANA(`/api/datasources/uid/${uid}`), { data: datasource(uid, token) }));
}

function datasource(name: string, token: string): object {
  const settings = { jsonData: { url: process.env.RUNBOARD_URL, trustEmails: true }, secureJsonData: { token } };
  return { name, type: 'runboard-metrics-datasource', access: 'proxy', ...settings };
}

/** Makes a Viewer of Grafana with that e-mail, and signs them in, in a browser window of their own. */
export async function signInViewer(request: APIRequestContext, browser: Browser, email: string): Promise<Person> {
  const data = { name: email, login: email, email, password: PASSWORD, OrgId: 1 };
  const { id } = await contentOf<{ id: number }>(await request.post(GRAFANA('/api/admin/users'), { data }));
  await contentOf(await request.patch(GRAFANA(`/api/org/users/${id}`), { data: { role: 'Viewer' } }));
  return signIn(browser, email, PASSWORD);
}

export function signInAdmin(browser: Browser): Promise<Person> {
  return signIn(browser, 'admin', process.env.GRAFANA_PASSWORD ?? 'admin');
}

async function signIn(browser: Browser, user: string, password: string): Promise<Person> {
  const context = await browser.newContext({ extraHTTPHeaders: {} });
  const page = await context.newPage();
  await contentOf(await page.request.post(GRAFANA('/login'), { data: { user, password } }));
  const heard: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(payload.toString())));
  page.on('response', async (response) => {
    if (/\/api\/ds\/query|\/resources\//.test(response.url())) heard.push(await response.text().catch(() => ''));
  });
  return { page, heard };
}

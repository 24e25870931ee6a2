import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { APIRequestContext } from '@playwright/test';
import { expect, GRAFANA } from './grafana.js';
import { Receivers } from './receivers.js';

const COPIED = ['email.yaml', 'slack.yaml', 'webhook.yaml', 'policy.yaml'];

const folder = (path: string): string => join(process.env.GRAFANA_PROVISIONING!, path);
const copy = (file: string): void => copyFileSync(folder(`examples/${file}`), folder(`alerting/${file}`));
const remove = (file: string): void => rmSync(folder(`alerting/${file}`));

async function reload(request: APIRequestContext): Promise<void> {
  const answer = await request.post(GRAFANA('/api/admin/provisioning/alerting/reload'));
  expect([answer.status(), await answer.text()]).toEqual([200, expect.anything()]);
}

/** Of what kinds the receivers of the examples are that Grafana has. */
export async function contactPoints(request: APIRequestContext): Promise<string[]> {
  const answer = await request.get(GRAFANA('/api/v1/provisioning/contact-points'));
  return ((await answer.json()) as { name: string; type: string }[])
    .filter(({ name }) => name.startsWith('Runboard'))
    .map(({ type }) => type)
    .sort();
}

/** Copies the examples of e-mail, Slack and webhook, for as long as the work takes: what arrives there. */
export async function withContactPoints(
  request: APIRequestContext,
  work: (receivers: Receivers) => Promise<void>,
): Promise<void> {
  expect(await contactPoints(request)).toEqual([]);
  const receivers = new Receivers();
  await receivers.open();
  COPIED.forEach(copy);
  try {
    await reload(request);
    expect(await contactPoints(request)).toEqual(['email', 'slack', 'webhook']);
    await work(receivers);
  } finally {
    COPIED.forEach(remove);
    copy('off.yaml');
    await reload(request);
    remove('off.yaml');
    await receivers.close();
  }
  expect(await contactPoints(request)).toEqual([]);
}

/** An alert as it arrives at a webhook. */
export interface Alert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}

/** The alerts that have arrived at the webhook, in order. */
export function alertsIn({ posts }: Pick<Receivers, 'posts'>): Alert[] {
  const webhooks = posts.filter(({ path }) => path === '/webhook');
  return webhooks.flatMap(({ body }) => (JSON.parse(body) as { alerts: Alert[] }).alerts);
}

/** Where the links of a mail lead that lead to boards. */
export function boardsIn(html: string): URL[] {
  const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => new URL(url!.replaceAll('&amp;', '&')));
  return links.filter(({ pathname, origin }) => origin === new URL(GRAFANA('')).origin && pathname.startsWith('/d/'));
}

import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { APIRequestContext } from '@playwright/test';
import { RULES } from '../test/support/rules.js';
import { trip, untrip } from './support/alerts.js';
import { expect, GRAFANA, test } from './support/grafana.js';
import { Receivers } from './support/receivers.js';

const RULE = RULES.find(({ uid }) => uid === 'runboard-run-duration')!;
const COPIED = ['email.yaml', 'slack.yaml', 'webhook.yaml', 'policy.yaml'];
interface Alert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}

const folder = (path: string): string => join(process.env.GRAFANA_PROVISIONING!, path);
const copy = (file: string): void => copyFileSync(folder(`examples/${file}`), folder(`alerting/${file}`));
const remove = (file: string): void => rmSync(folder(`alerting/${file}`));

async function reload(request: APIRequestContext): Promise<void> {
  const answer = await request.post(GRAFANA('/api/admin/provisioning/alerting/reload'));
  expect([answer.status(), await answer.text()]).toEqual([200, expect.anything()]);
}

/** Of what kinds the receivers of the examples are that Grafana has. */
async function contactPoints(request: APIRequestContext): Promise<string[]> {
  const answer = await request.get(GRAFANA('/api/v1/provisioning/contact-points'));
  return ((await answer.json()) as { name: string; type: string }[])
    .filter(({ name }) => name.startsWith('Runboard'))
    .map(({ type }) => type)
    .sort();
}

/** The panels that a mail leads to. */
function linksOf(html: string): { board: string; panel: string | null }[] {
  const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => new URL(url!.replaceAll('&amp;', '&')));
  return links
    .filter(({ pathname, origin }) => origin === new URL(GRAFANA('')).origin && pathname.startsWith('/d/'))
    .map(({ pathname, searchParams }) => ({
      board: pathname.split('/')[2]!,
      panel: searchParams.get('viewPanel'),
    }));
}

test('an alert arrives by e-mail, in Slack and at a webhook once their examples are copied', async ({
  page,
  request,
}) => {
  test.skip(!process.env.GRAFANA_PROVISIONING, 'the Grafana in GRAFANA_URL has a mail server of its own, if any');
  test.setTimeout(400_000);
  expect(await contactPoints(request)).toEqual([]);
  const receivers = new Receivers();
  await receivers.open();
  COPIED.forEach(copy);
  let tripped: string | undefined;
  try {
    await reload(request);
    expect(await contactPoints(request)).toEqual(['email', 'slack', 'webhook']);
    // a name of its own: what Grafana has just told of a group of alerts it tells again after five minutes only
    tripped = await trip(request, RULE.uid, `${RULE.uid}-sent`);
    const mails = () => receivers.mails.filter(({ mail }) => mail.subject?.includes(tripped!));
    const post = (path: string) => receivers.posts.find((one) => one.path === path && one.body.includes(tripped!));
    await expect
      .poll(() => mails().length >= 2 && Boolean(post('/slack') && post('/webhook')), {
        timeout: 300_000,
        intervals: [1000],
      })
      .toBe(true);

    const webhook = post('/webhook')!;
    expect(webhook.headers.authorization).toBe('Bearer of the webhook');
    const { alerts } = JSON.parse(webhook.body) as { alerts: Alert[] };
    expect(alerts).toHaveLength(1);
    const { status, labels, annotations, values } = alerts[0]!;
    expect(status).toBe('firing');
    expect(labels).toMatchObject({ alertname: tripped, source: 'runboard', severity: 'warning' });
    const { summary, board, runbook } = annotations;
    expect(values.minutes).toBeGreaterThan(0);
    expect(summary).toBe(`5 % of the runs of the last 6 hours took longer than ${values.minutes!.toFixed(0)} minutes`);
    expect(board).toBe(GRAFANA('/d/runboard-runs?from=now-6h&to=now&var-first=duration'));
    expect(runbook).toBe(RULE.annotations.runbook);

    // a mail for each address, in lines of their own making
    const recipients = mails().flatMap(({ to }) => to);
    expect(recipients.sort()).toEqual(['agents@example.com', 'lead@example.com']);
    for (const { mail } of mails()) {
      const text = mail.text!.replaceAll(/\s+/g, ' ');
      for (const said of [summary!, board!, runbook!]) expect(text).toContain(said);
      expect(mail.subject).toBe(`[FIRING:1] ${tripped} Runboard (warning runboard)`);
      expect(linksOf(mail.html || '')).toContainEqual({
        board: RULE.annotations.__dashboardUid__,
        panel: RULE.annotations.__panelId__,
      });
    }

    const slack = JSON.parse(post('/slack')!.body) as { attachments: { text: string }[] };
    expect(slack.attachments[0]!.text.trimEnd()).toBe(`• ${summary} (<${board}|board>)\n  What to do: ${runbook}`);

    await page.goto(board!);
    await expect(page).toHaveTitle(/^Runboard runs/);
  } finally {
    if (tripped) await untrip(request, tripped);
    COPIED.forEach(remove);
    copy('off.yaml');
    await reload(request);
    remove('off.yaml');
    await receivers.close();
  }
  expect(await contactPoints(request)).toEqual([]);
});

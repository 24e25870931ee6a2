import { RULES } from '../test/support/rules.js';
import { trip, untrip } from './support/alerts.js';
import { alertsIn, boardsIn, withContactPoints } from './support/contact-points.js';
import { expect, GRAFANA, test } from './support/grafana.js';

const RULE = RULES.find(({ uid }) => uid === 'runboard-run-duration')!;

test('an alert arrives by e-mail, in Slack and at a webhook once their examples are copied', async ({
  page,
  request,
}) => {
  test.skip(!process.env.GRAFANA_PROVISIONING, 'the Grafana in GRAFANA_URL has a mail server of its own, if any');
  test.setTimeout(400_000);
  await withContactPoints(request, async (receivers) => {
    // a name of its own: what Grafana has just told of a group of alerts it tells again after five minutes only
    const tripped = await trip(request, RULE.uid, `${RULE.uid}-sent`);
    try {
      const mails = () => receivers.mails.filter(({ mail }) => mail.subject?.includes(tripped));
      const post = (path: string) => receivers.posts.find((one) => one.path === path && one.body.includes(tripped));
      await expect
        .poll(() => mails().length >= 2 && Boolean(post('/slack') && post('/webhook')), {
          timeout: 300_000,
          intervals: [1000],
        })
        .toBe(true);

      expect(post('/webhook')!.headers.authorization).toBe('Bearer of the webhook');
      const alerts = alertsIn({ posts: [post('/webhook')!] });
      expect(alerts).toHaveLength(1);
      const { status, labels, annotations, values } = alerts[0]!;
      expect(status).toBe('firing');
      expect(labels).toMatchObject({ alertname: tripped, source: 'runboard', severity: 'warning' });
      const { summary, board, runbook } = annotations;
      expect(values.minutes).toBeGreaterThan(0);
      expect(summary).toBe(
        `5 % of the runs of the last 6 hours took longer than ${values.minutes!.toFixed(0)} minutes`,
      );
      expect(board).toBe(GRAFANA('/d/runboard-runs?from=now-6h&to=now&var-first=duration'));
      expect(runbook).toBe(RULE.annotations.runbook);

      // a mail for each address, in lines of their own making
      const recipients = mails().flatMap(({ to }) => to);
      expect(recipients.sort()).toEqual(['agents@example.com', 'lead@example.com']);
      for (const { mail } of mails()) {
        const text = mail.text!.replaceAll(/\s+/g, ' ');
        for (const said of [summary!, board!, runbook!]) expect(text).toContain(said);
        expect(mail.subject).toBe(`[FIRING:1] ${tripped} Runboard (warning runboard)`);
        const panels = boardsIn(mail.html || '').map(({ pathname, searchParams }) => ({
          board: pathname.split('/')[2],
          panel: searchParams.get('viewPanel'),
        }));
        expect(panels).toContainEqual({
          board: RULE.annotations.__dashboardUid__,
          panel: RULE.annotations.__panelId__,
        });
      }

      const slack = JSON.parse(post('/slack')!.body) as { attachments: { text: string }[] };
      expect(slack.attachments[0]!.text.trimEnd()).toBe(`• ${summary} (<${board}|board>)\n  What to do: ${runbook}`);

      await page.goto(board!);
      await expect(page).toHaveTitle(/^Runboard runs/);
    } finally {
      await untrip(request, tripped);
    }
  });
});

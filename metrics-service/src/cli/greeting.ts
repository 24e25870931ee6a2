import { endFlags } from './span.js';

const DAY_MS = 86_400_000;

interface Started {
  url: string;
  /** where the data is, in words */
  data: string;
  /** the organization that is shown; null if it is ambiguous */
  orgId: string | null;
  /** the organization of commands without --org */
  ownOrgId: string | null;
  token: string | null;
  nowMs: number;
  /** the time of the newest event, or null */
  newestMs: number | null;
  /** lines about the organization that is shown */
  overview: readonly string[];
}

/** What `npm start` prints when it serves; its commands can be copied and pasted. */
export function greeting(started: Started): string {
  const { url, data, orgId, ownOrgId, token, nowMs, newestMs, overview } = started;
  const shownToken = token ?? '$TOKEN';
  const event = {
    specversion: '1.0',
    // a new id at each start: the same id with different content would be rejected
    id: `first-run-${nowMs}`,
    source: 'hello',
    type: 'run.completed',
    data: {
      runId: 'run-1',
      sessionId: 'session-1',
      startedAt: new Date(nowMs - 90_000).toISOString(),
      completedAt: new Date(nowMs).toISOString(),
      status: 'SUCCEEDED',
      costUsd: '0.42',
    },
  };
  const which =
    token === null
      ? [
          'There are several organizations: make a token with `npx runboard token create --org ID --name N --scope ingest --scope read`.',
        ]
      : [
          `  organization  ${orgId}`,
          `  token         ${token}`,
          '                made new at each start, with scopes ingest, read and delegate',
        ];
  const isOwn = orgId === ownOrgId;
  const importing = [
    `  # your Claude Code transcripts${isOwn || ownOrgId === null ? '' : `, into the organization ${ownOrgId}`}`,
    '  npx runboard import claude-code',
    '',
  ];
  const asking = [
    newestMs === null
      ? '  # a question (the import ends with one for the dates it found)'
      : `  # a question${isOwn ? '' : ' about the demo'}; the API is described at ${url}/docs`,
    `  npx runboard query runs run_success_rate total_cost ${windowFlags(nowMs, newestMs)}${isOwn ? '' : ` --by team --org ${orgId}`}`,
    '',
  ];
  return [
    '',
    `Runboard serves at ${url} (Ctrl-C ends it)`,
    '',
    `  data          ${data}`,
    ...which,
    '',
    ...(overview.length > 0 ? [...overview, ''] : []),
    'Next, in another terminal:',
    '',
    ...(isOwn ? [...importing, ...asking] : [...asking, ...importing]),
    `  # an event of your own${isOwn ? '' : `, with the token above into the organization ${orgId}`}`,
    `  curl ${url}/v1/events \\`,
    `    -H 'Authorization: Bearer ${shownToken}' \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d '${JSON.stringify(event)}'`,
    '',
    '',
  ].join('\n');
}

/** The last 30 days or, if nothing happened in them, the 30 days up to the newest event. */
function windowFlags(nowMs: number, newestMs: number | null): string {
  return newestMs === null || newestMs > nowMs - 30 * DAY_MS ? '--last 30d' : `--last 30d ${endFlags(newestMs)}`;
}

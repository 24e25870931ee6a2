import { endFlags } from './span.js';

const DAY_MS = 86_400_000;

interface Started {
  url: string;
  /** where the data lies, in words */
  data: string;
  orgId: string | null;
  token: string | null;
  nowMs: number;
  /** the time of the newest event; null: there is none */
  newestMs: number | null;
}

/** What `npm start` prints when it serves: all of it can be copied and pasted. */
export function greeting({ url, data, orgId, token, nowMs, newestMs }: Started): string {
  const shownToken = token ?? '$TOKEN';
  const event = {
    specversion: '1.0',
    id: 'first-run',
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
  return [
    '',
    `Runboard serves at ${url} (Ctrl-C ends it)`,
    '',
    `  data          ${data}`,
    ...which,
    '',
    'Next, in another terminal:',
    '',
    '  # your Claude Code transcripts',
    '  npx runboard import claude-code',
    '',
    newestMs === null ? '  # a question (the import ends with one for the dates it found)' : '  # a question',
    `  npx runboard query runs run_success_rate total_cost ${windowFlags(nowMs, newestMs)}`,
    '',
    '  # an event of your own',
    `  curl ${url}/v1/events \\`,
    `    -H 'Authorization: Bearer ${shownToken}' \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d '${JSON.stringify(event)}'`,
    '',
    '',
  ].join('\n');
}

/** The last 30 days, or where nothing happened in them, those that end with the newest event. */
function windowFlags(nowMs: number, newestMs: number | null): string {
  return newestMs === null || newestMs > nowMs - 30 * DAY_MS ? '--last 30d' : `--last 30d ${endFlags(newestMs)}`;
}

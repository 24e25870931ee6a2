import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testService, type TestService } from '../support/service.js';
import { runImport } from './import.js';

// Cases that people reported, beside the checkout, each with what must come out; absent in other checkouts.
const CASES = join(import.meta.dirname, '../../../../shared/field');
const present = existsSync(CASES);
const names = present ? readdirSync(CASES).filter((name) => existsSync(join(CASES, name, 'expected.json'))) : [];
const folder = mkdtempSync(join(tmpdir(), 'field-'));
let service: TestService;

interface Case {
  case: string;
  path?: string;
  'symbolic links to make'?: Record<string, string>;
  'environment ({D}: this folder)'?: Record<string, string>;
  'users, one import each'?: string[];
  expected: Record<string, any>;
}

async function rowsOf(org: string, sql: string): Promise<any[]> {
  return service.database.inOrganization(org, async (tx) => (await tx.query(sql)).rows);
}

async function pairs(org: string, sql: string): Promise<Record<string, unknown>> {
  return Object.fromEntries((await rowsOf(org, sql)).map(({ key, value }) => [key, value]));
}

/** Each expectation's name, and how the service answers it. */
const ANSWERS: Record<string, (org: string, token: string) => Promise<unknown>> = {
  runs: (org) =>
    pairs(
      org,
      `select run_id as key, json_build_array(to_char(started_at at time zone 'utc', 'HH24:MI:SS'),
         to_char(completed_at at time zone 'utc', 'HH24:MI:SS'), coalesce(lines_added, 0)) as value
       from runs where not hidden`,
    ),
  status: (org) => pairs(org, 'select run_id as key, status as value from runs where not hidden'),
  sessions: (org) =>
    pairs(
      org,
      `select session_id as key, (select count(*)::int from runs where runs.session_id = s.session_id and not hidden) as value
       from sessions s where not hidden`,
    ),
  calls: async (org) => (await rowsOf(org, 'select count(*)::int as n from llm_calls'))[0].n,
  messages_user: async (org) =>
    (await rowsOf(org, `select count(*)::int as n from messages where role = 'user' and not hidden`))[0].n,
  models: (org) =>
    pairs(
      org,
      `select model as key, json_build_array(sum(input_tokens), sum(output_tokens)) as value from llm_calls group by 1`,
    ),
  repo: (org) => pairs(org, 'select session_id as key, repo as value from sessions'),
  cache_write: async (org) => (await rowsOf(org, 'select sum(cache_write_tokens)::int as n from llm_calls'))[0].n,
  out: async (org) => (await rowsOf(org, 'select sum(output_tokens)::int as n from llm_calls'))[0].n,
  agent_ms: (_, token) => metric(token, 'avg_agent_time_per_session'),
  duration_ms: (_, token) => metric(token, 'avg_run_duration'),
  active_users: (_, token) => metric(token, 'active_users'),
};

async function metric(token: string, id: string): Promise<unknown> {
  const queries = [{ refId: 'A', view: 'total', metrics: [id] }];
  const window = { from: '2026-10-01T00:00:00Z', to: '2026-12-01T00:00:00Z', timezone: 'UTC' };
  const { body } = await service.request('/v1/query', { token, body: { ...window, queries } });
  return body.results?.A?.frames?.[0]?.data.values.at(-1)?.[0] ?? body;
}

beforeAll(async () => {
  service = await testService({ clock: () => Date.UTC(2026, 11, 1) });
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

(present ? describe : describe.skip)(
  `cases from the field${present ? '' : ' (../shared/field does not lie beside this checkout)'}`,
  () => {
    it.each(present ? names : ['none'])('%s', async (name) => {
      const place = join(folder, name);
      cpSync(join(CASES, name), place, { recursive: true });
      const said = JSON.parse(readFileSync(join(place, 'expected.json'), 'utf8')) as Case;
      rmSync(join(place, 'expected.json'));
      for (const [link, target] of Object.entries(said['symbolic links to make'] ?? {})) {
        const at = join(place, link);
        mkdirSync(dirname(at), { recursive: true });
        symlinkSync(target, at);
      }
      const environment = Object.fromEntries(
        Object.entries(said['environment ({D}: this folder)'] ?? {}).map(([key, value]) => [
          key,
          value.replaceAll('{D}', place),
        ]),
      );
      const paths = Object.keys(environment).length > 0 ? [] : [join(place, said.path ?? '.')];
      const files = paths.length > 0 && !said.path ? listFiles(place) : [];
      // all at once, twice; and a file at a time, the last one first
      const ways = [
        [paths, paths],
        [...files.toReversed().map((file) => [file]), paths],
      ];
      for (const [way, imports] of ways.entries()) {
        const org = `case-${name}-${way}`;
        const token = await service.organization(org);
        for (const some of imports) {
          for (const user of said['users, one import each'] ?? ['dev@example.com']) {
            await runImport(service, token, name.replace(/^\d+-/, ''), ['--user', user, ...some], environment);
          }
        }
        for (const [key, expected] of Object.entries(said.expected)) {
          expect({ [key]: await ANSWERS[key]!(org, token) }).toEqual({ [key]: expected });
        }
      }
    });
  },
);

function listFiles(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.jsonl(\.zst)?$/.test(file))
    .map((file) => join(place, file))
    .sort();
}

import { afterAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gone } from '../../src/processes.js';
import { dataFolder, start, type Started } from '../support/command.js';

const home = process.env.GRAFANA_HOME;
const SLOW_MS = 400_000;

describe('npm start with a real Grafana (skipped without GRAFANA_HOME)', () => {
  let data: Awaited<ReturnType<typeof dataFolder>> | undefined;
  let service: Started | undefined;
  afterAll(async () => {
    await service?.end();
    await data?.remove();
  });

  (home ? it : it.skip)(
    'has data source, boards and alert rules in place, and leaves no process',
    async () => {
      data = await dataFolder();
      service = await start(data.path, { RUNBOARD_GRAFANA: '1', GRAFANA_HOME: home!, GRAFANA_PORT: '0' });
      const said = await service.said('  user admin, password ');
      expect(said).not.toMatch(/without Grafana|does not work/);
      const { origin, pathname } = new URL(/boards at (\S+)/.exec(said)![1]!);
      const password = /user admin, password (\S+)/.exec(said)![1]!;
      const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
      const ask = async (path: string) => (await fetch(origin + path, { headers: { authorization } })).json();
      const titles = async () => {
        const found = (await ask('/api/search?type=dash-db')) as { folderTitle: string; url: string }[];
        return found.map(({ folderTitle, url }) => `${folderTitle}: ${url.split('/')[2]}`).sort();
      };
      // boards are read in the background
      for (let waited = 0; (await titles()).length < 4 && waited < 30_000; waited += 500) {
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      expect(await titles()).toEqual(
        ['overview', 'public', 'session', 'sessions'].map((name) => `Runboard: runboard-${name}`),
      );
      expect(pathname).toBe('/d/runboard-overview');
      const rules = (await ask('/api/v1/provisioning/alert-rules')) as { uid: string }[];
      expect(rules.length).toBeGreaterThan(0);
      expect((await fetch(`${origin}/api/search`)).status).toBe(401);
      const { pid } = JSON.parse(await readFile(join(data.path, 'grafana/process.json'), 'utf8')) as { pid: number };
      await service.end('SIGTERM');
      expect(await gone(pid, 5_000)).toBe(true);
    },
    SLOW_MS,
  );
});

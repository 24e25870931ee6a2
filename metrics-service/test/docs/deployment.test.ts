import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { grafanaEnvironment, grafanaFolder } from '../../src/cli/grafana/settings.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** The variables that Grafana's provisioning files take from its environment; the examples it does not read. */
async function provisioningVariables(): Promise<string[]> {
  const files = (await readdir(join(ROOT, 'provisioning'), { recursive: true })).filter(
    (file) => /\.ya?ml$/.test(file) && !file.startsWith('examples'),
  );
  const texts = await Promise.all(files.map((file) => read(join('provisioning', file))));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!)))];
}

describe('the ways to run Grafana with the boards', () => {
  it.each([
    ['docker compose', ['docker-compose.yml', 'docker/grafana.Dockerfile']],
    ['Kubernetes', ['docs/kubernetes.md', 'docker/grafana.Dockerfile']],
  ])('set every variable of the provisioning files: %s', async (_name, files) => {
    const text = (await Promise.all(files.map(read))).join('\n');
    const variables = await provisioningVariables();
    expect(variables).toContain('RUNBOARD_TOKEN');
    expect(variables.filter((name) => !new RegExp(`\\b${name}(:|=|,| *$)`, 'm').test(text))).toEqual([]);
  });

  it('set every variable of the provisioning files: npm start', async () => {
    const settings = {
      folder: grafanaFolder('/data'),
      port: 3000,
      adminPassword: 'p',
      serviceUrl: 'http://127.0.0.1:8080',
      token: 't',
      otherToken: null,
    };
    const environment = grafanaEnvironment({ GF_DATABASE_URL: 'of another Grafana', HOME: '/home/ada' }, settings);
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(await provisioningVariables()));
    expect(environment).toMatchObject({ HOME: '/home/ada' });
    expect(environment).not.toHaveProperty('GF_DATABASE_URL');
  });

  it('name files that there are', async () => {
    const compose = await read('docker-compose.yml');
    const production = await read('docker-compose.production.yml');
    const named = [...`${compose}\n${production}`.matchAll(/\bdocker\/[\w.-]+/g)].map(([path]) => path);
    const dockerfiles = ['docker/service.Dockerfile', 'docker/grafana.Dockerfile'];
    const copied = (await Promise.all(dockerfiles.map(read)))
      .flatMap((text) => [...text.matchAll(/^COPY (?:--chmod=\d+ )?([^-].*) \S+$/gm)])
      .flatMap(([, sources]) => sources!.split(' '))
      .filter((path) => !path.includes('*'));
    expect(named).toEqual(expect.arrayContaining(dockerfiles));
    expect(copied).toContain('provisioning');
    expect([...named, ...copied].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('containers', () => {
  it.each(['docker-compose.yml', 'docker-compose.production.yml'])(
    'get no more rights than they need: %s',
    async (file) => {
      const text = await read(file);
      const services = /^services:\n([^]*?)(?=^\S|$(?![^]))/m.exec(text)![1]!.split(/\n(?= {2}\w+:$)/m);
      const own = services.filter((service) => /^ {4}image:/m.test(service));
      expect(own.length).toBeGreaterThan(0);
      for (const service of [...own, ...(text.match(/^x-service: [^]*?(?=^\S)/m) ?? [])]) {
        expect(service).toMatch(/security_opt: \[no-new-privileges:true\]/);
        expect(service).toMatch(/cap_drop: \[ALL\]/);
        if (!service.includes('image: postgres')) expect(service).toMatch(/read_only: true/);
      }
    },
  );

  it('of Kubernetes are nobody special, and write nothing of their image', async () => {
    const text = await read('docs/kubernetes.md');
    const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
    const containers = count(/^ +image: /gm);
    expect(containers).toBe(2);
    for (const setting of [
      /runAsNonRoot: true/g,
      /readOnlyRootFilesystem: true/g,
      /allowPrivilegeEscalation: false/g,
      /drop: \[ALL\]/g,
      /seccompProfile: \{ type: RuntimeDefault \}/g,
      /automountServiceAccountToken: false/g,
    ]) {
      expect([setting, count(setting)]).toEqual([setting, containers]);
    }
  });

  it('are built for a user without rights', async () => {
    expect(await read('docker/service.Dockerfile')).toMatch(/^USER node$/m);
    expect(await read('docker/grafana.Dockerfile')).not.toMatch(/^USER root$/m);
  });
});

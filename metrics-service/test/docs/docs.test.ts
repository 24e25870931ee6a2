import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { catalogueMarkdown } from '../../src/catalogue/markdown.js';
import { VARIABLE_TEXTS } from '../../src/config.js';
import type { TokenScope } from '../../src/contract/access.js';
import { EVENT_TYPES } from '../../src/contract/events.js';
import { parseEvent } from '../../src/ingest/parse.js';
import { permitted } from '../../src/ingest/rights.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

/** README.md and its like, and everything in docs/ and docs/examples/, relative to the repository. */
async function pages(): Promise<string[]> {
  const inFolder = async (folder: string) =>
    (await readdir(join(ROOT, folder))).filter((file) => file.endsWith('.md')).map((file) => join(folder, file));
  return (await Promise.all(['.', 'docs', 'docs/examples'].map(inFolder))).flat();
}

/** What GitHub makes of a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function anchorsOf(page: string): string[] {
  return [...withoutCode(page).matchAll(/^#+ +(.+?) *$/gm)].map(([, heading]) => anchorOf(heading!));
}

function withoutCode(page: string): string {
  return page.replace(/^```.*?^```$/gms, '');
}

/** The relative links of a page that lead nowhere. */
async function brokenLinks(path: string): Promise<string[]> {
  const links = [...withoutCode(await read(path)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  const broken: string[] = [];
  for (const link of links.filter((target) => !/^[a-z]+:/.test(target))) {
    const [file, anchor] = link.split('#');
    const target = file ? relative(ROOT, resolve(ROOT, dirname(path), file)) : path;
    if (!existsSync(join(ROOT, target))) broken.push(link);
    else if (anchor && !anchorsOf(await read(target)).includes(anchor)) broken.push(link);
  }
  return broken;
}

describe('the documentation', () => {
  it('has the metrics of the catalogue (npm run docs writes docs/metrics.md anew)', async () => {
    const text = catalogueMarkdown();
    if (process.env.npm_lifecycle_event === 'docs') await writeFile(join(ROOT, 'docs/metrics.md'), text);
    expect(await read('docs/metrics.md')).toBe(text);
  });

  it('has links that lead somewhere', async () => {
    const broken = await Promise.all((await pages()).map(async (page) => [page, await brokenLinks(page)] as const));
    expect(broken.filter(([, links]) => links.length > 0)).toEqual([]);
  });

  it('describes every event type', async () => {
    const page = await read('docs/ingest.md');
    expect(EVENT_TYPES.filter((type) => !page.includes(`\`${type}\``))).toEqual([]);
  });

  it('names every environment variable', async () => {
    const names = VARIABLE_TEXTS.map(([name]) => name);
    const page = await read('docs/operating.md');
    expect(names).toContain('DATABASE_URL');
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('comes with an example that the token of the README may send', async () => {
    const lines = (await read('docs/examples/week.ndjson')).trim().split('\n');
    const made = /TOKEN=\$\((.*)\)\n.*\n.*week\.ndjson/.exec(await read('README.md'))![1]!;
    const scopes = [...made.matchAll(/--scope (\w+)/g)].map(([, scope]) => scope as TokenScope);
    const faults = lines.flatMap((line) => permitted(parseEvent(JSON.parse(line)), scopes).fault ?? []);
    expect(faults).toEqual([]);
  });
});

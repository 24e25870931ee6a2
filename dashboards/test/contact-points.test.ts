import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { RULES } from './support/rules.js';

const ROOT = new URL('../../', import.meta.url);
const EXAMPLES = new URL('provisioning/examples/', ROOT);
const DOCS = readFileSync(new URL('docs/alerting.md', ROOT), 'utf8');

interface Route {
  readonly receiver: string;
  readonly object_matchers?: readonly (readonly string[])[];
  readonly routes?: readonly Route[];
}

interface Example {
  readonly apiVersion: number;
  readonly contactPoints?: readonly { name: string; receivers: readonly { uid: string; type: string }[] }[];
  readonly policies?: readonly Route[];
  readonly deleteContactPoints?: readonly { uid: string }[];
}

const FILES = readdirSync(EXAMPLES);
const textOf = (file: string): string => readFileSync(new URL(file, EXAMPLES), 'utf8');
const parsed = (file: string): Example => parse(textOf(file)) as Example;
const points = FILES.flatMap((file) => parsed(file).contactPoints ?? []);

describe('the examples of where alerts go', () => {
  it('are a contact point for each kind of receiver, and a policy without and with somebody on call', () => {
    expect(points.map(({ name, receivers }) => [receivers.map(({ type }) => type).join(), name]).sort()).toEqual([
      ['email', 'Runboard'],
      ['pagerduty', 'Runboard on call'],
      ['slack', 'Runboard'],
      ['webhook', 'Runboard'],
    ]);
    const uids = points.flatMap(({ receivers }) => receivers.map(({ uid }) => uid));
    expect(new Set(uids).size).toBe(uids.length);
    expect(
      parsed('off.yaml')
        .deleteContactPoints!.map(({ uid }) => uid)
        .sort(),
    ).toEqual(uids.sort());
    expect(FILES.filter((file) => parsed(file).policies).sort()).toEqual(['policy-on-call.yaml', 'policy.yaml']);
    expect(FILES.map((file) => parsed(file).apiVersion)).toEqual(FILES.map(() => 1));
  });

  it('send to contact points that there are, and match what the rules have', () => {
    const routes = FILES.flatMap((file) => parsed(file).policies ?? []).flatMap((top) => [top, ...(top.routes ?? [])]);
    const names = points.map(({ name }) => name);
    expect(routes.filter(({ receiver }) => !names.includes(receiver))).toEqual([]);
    const matchers = routes.flatMap(({ object_matchers = [] }) => object_matchers);
    expect(matchers.length).toBeGreaterThan(0);
    for (const [label, , value] of matchers) expect(RULES.map(({ labels }) => labels[label!])).toContain(value);
  });

  it('use annotations that every rule has', () => {
    const used = FILES.flatMap((file) => [...textOf(file).matchAll(/\.Annotations\.(\w+)/g)]).map(([, name]) => name!);
    expect(new Set(used)).toEqual(new Set(['summary', 'board', 'runbook']));
    for (const { annotations } of RULES) expect(Object.keys(annotations)).toEqual(expect.arrayContaining(used));
  });

  it.each(FILES)('%s is in the documentation, with the variables that it takes', (file) => {
    const line = DOCS.split('\n').find((row) => row.startsWith(`| \`${file}\``))!;
    const variables = [...textOf(file).matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!);
    expect([...line.matchAll(/\bRUNBOARD_\w+/g)].map(([name]) => name)).toEqual(variables);
  });
});

describe('the annotation runbook', () => {
  it.each(RULES)('of $uid is what the documentation says to do', ({ title, annotations }) => {
    const row = DOCS.split('\n').find((line) => line.startsWith(`| ${title} `))!;
    const cell = row.split('|').at(-2)!.trim();
    const words = cell.replaceAll(/(?<!\w)_([^_]+)_(?!\w)/g, '$1').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
    expect(annotations.runbook).toBe(words);
  });
});

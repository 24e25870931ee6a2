import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { allPanels, findBoard, findPanel } from './support/boards.js';
import { RULES, type Rule } from './support/rules.js';

const DOCS = readFileSync(new URL('../../docs/alerting.md', import.meta.url), 'utf8');

/** The row of the table of rules: when it fires and what to do, as they stand there. */
function rowOf({ title }: Rule): { fires: string; advice: string } {
  const rows = DOCS.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const [, , fires, , , advice] = rows.find((cells) => cells[1] === title)!;
  return { fires: fires!, advice: advice! };
}

/** The board that the link of an alert opens, and what it sets. */
function boardOf({ annotations }: Rule) {
  const [, uid, query] = /^\{\{ externalURL \}\}d\/([\w-]+)(?:\?(.+))?$/.exec(annotations.board!)!;
  const names = (query ?? '').split('&').map((one) => one.split('=')[0]!);
  return { board: findBoard(uid!), variables: names.flatMap((name) => /^var-(.+)/.exec(name)?.[1] ?? []) };
}

describe('an alert rule and what is written about it', () => {
  it.each(RULES)('$uid: its link sets variables that the board has', (rule) => {
    const { board, variables } = boardOf(rule);
    expect(board.templating.list?.map(({ name }) => name)).toEqual(expect.arrayContaining(variables));
  });

  it.each(RULES)('$uid: what to do is the same in the alert, and names only where its links lead', (rule) => {
    const { advice } = rowOf(rule);
    const { board } = boardOf(rule);
    const linked = findBoard(rule.annotations.__dashboardUid__!);
    const panels = [...allPanels(board), findPanel(linked, Number(rule.annotations.__panelId__))];
    const names = [board, linked].map(({ title }) => title.replace('Runboard ', ''));
    const there = [...panels.map(({ title }) => title), ...names].map((name) => name?.toLowerCase());
    const named = [...advice.matchAll(/(?<!\w)_([^_]+)_(?!\w)/g)].map(([, name]) => name!.toLowerCase());
    expect(named.filter((name) => !there.includes(name))).toEqual([]);
    const plain = advice.replaceAll(/(?<!\w)_([^_]+)_(?!\w)/g, '$1').replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');
    expect(plain).toBe(rule.annotations.runbook);
  });

  it.each(RULES)('$uid: how long it must hold is told', (rule) => {
    const minutes = Number.parseInt(rule.for, 10);
    const [, told = '0'] = /\bfor (\d+) minutes(?! \(|, unless)/.exec(rowOf(rule).fires) ?? [];
    expect(Number(told)).toBe(minutes);
  });
});

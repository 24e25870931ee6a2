import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { findMetric } from '../../metrics-service/src/catalogue/index.js';
import { boardFiles } from '../src/files.js';
import { addresses, asking, BOARDS, findBoard, findPanel, queriesOf, type Board } from './support/boards.js';

const OTHER_PANEL = '-- Dashboard --';
const GRAFANA = '-- Grafana --';
const variablesOf = ({ templating }: Board) => (templating.list ?? []).map(({ name }) => name);

describe('the files of the boards', () => {
  it.each(boardFiles())('$path is as `npm run generate` writes it', ({ path, content }) => {
    expect(readFileSync(path, 'utf8')).toBe(content);
  });
});

describe.each(BOARDS.map((board) => [board.uid, board] as const))('%s', (uid, board) => {
  it('names no address of a machine, and no data source but the right one', () => {
    const text = JSON.stringify(board);
    expect(text).not.toMatch(/https?:/);
    const uids = new Set(
      [...text.matchAll(/"datasource":\{"type":"[^"]+","uid":"([^"]+)"\}/g)].map(([, found]) => found),
    );
    uids.delete(OTHER_PANEL);
    uids.delete(GRAFANA);
    expect([...uids]).toEqual([uid === 'runboard-public' ? 'runboard' : '${datasource}']);
  });

  it('has panels with ids of their own, which do not overlap and fill whole rows', () => {
    const { panels } = board;
    const ids = panels.filter(({ type }) => type !== 'row').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    // a gap would move what is below it
    const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
    expect(cells.length).toBe(24 * height);
  });

  it('has 7, 30, 60 and 90 days at hand and opens with 30', () => {
    expect(board.timepicker.quick_ranges).toEqual([
      { display: 'Last 7 days', from: 'now-6d/d', to: 'now' },
      { display: 'Last 30 days', from: 'now-29d/d', to: 'now' },
      { display: 'Last 60 days', from: 'now-59d/d', to: 'now' },
      { display: 'Last 90 days', from: 'now-89d/d', to: 'now' },
    ]);
    expect(board.time).toEqual({ from: 'now-29d/d', to: 'now' });
  });

  it('reads the answers of panels that ask themselves', () => {
    for (const panel of asking(board)) {
      const sources = (panel.targets ?? []).flatMap(({ panelId }) => panelId ?? []);
      expect(panel.datasource?.uid === OTHER_PANEL).toBe(sources.length > 0);
      for (const id of sources) expect(findPanel(board, id).datasource?.uid).not.toBe(OTHER_PANEL);
    }
  });

  it('says of every panel what it is, in sentence case, and of every link where it leads', () => {
    for (const { type, title, id } of board.panels) {
      expect([type, id, title]).toEqual([type, id, expect.stringMatching(/^[A-Z]/)]);
      expect(title).not.toMatch(/ (?!CSV)[A-Z]/);
    }
    for (const { title } of addresses(board))
      expect(title).toMatch(
        /^(Open|Show|Sessions?|Runs|Most|Longest|Overview|Performance|Work items?|Agents?|Compare|Cost|Fleet|Data quality|Download) ?/,
      );
  });

  it('shows on cards the last value, of metrics of one direction', () => {
    for (const { options, type } of board.panels.filter((panel) => panel.type === 'stat')) {
      expect([type, options?.reduceOptions?.calcs]).toEqual(['stat', ['last']]);
    }
    expect(JSON.stringify(board)).not.toContain('lastNotNull');
  });

  it('uses variables that it has', () => {
    const known = new Set([
      ...variablesOf(board),
      '__url_time_range',
      '__from',
      '__to',
      '__timezone',
      '__searchFilter',
      '__all',
    ]);
    const text = JSON.stringify(board);
    const used = [...text.matchAll(/\$\{?(\w+)/g)]
      .map(([, name]) => name!)
      .filter((name) => !/^__(data|value|field)$/.test(name));
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it('leads to boards that there are, with variables that they have', () => {
    for (const { url } of addresses(board)) {
      const [, target, parameters = ''] = /^\/d\/([^?]+)\??(.*)$/.exec(url) ?? [];
      if (target === undefined) {
        expect(url).toMatch(/^\/api\/datasources\/uid\/\$\{datasource\}\/resources\/export\//);
        continue;
      }
      const known = variablesOf(findBoard(target));
      const set = [...parameters.matchAll(/var-(\w+)=/g)].map(([, name]) => name!);
      const kept = [...parameters.matchAll(/\$\{(\w+):queryparam\}/g)].map(([, name]) => name!);
      expect([...set, ...kept].filter((name) => !known.includes(name))).toEqual([]);
      expect(new Set([...set, ...kept]).size).toBe(set.length + kept.length);
    }
  });
});

describe('the cards of the overview', () => {
  const overview = findBoard('runboard-overview');

  it('are seven, each of one metric, with its points and its change', () => {
    const cards = overview.panels.filter((panel) => queriesOf(overview, panel).some(({ sparkline }) => sparkline));
    const shown = cards.map(({ transformations }) => (transformations![0]!.options as { include: string }).include);
    expect(shown).toEqual([
      ...['active_users', 'runs', 'run_success_rate', 'total_cost'],
      ...['total_tokens', 'avg_runs_per_session', 'local_handoff_rate'],
    ]);
    expect(cards.map(({ title }) => title)).toEqual(shown.map((id) => findMetric(id)!.title));
    for (const { metrics, refId, compare } of queriesOf(overview, cards[0]!))
      expect([metrics, compare]).toEqual([[refId], 'same_weekdays']);
  });

  it('need at most 12 requests with the headline, and 5 of lists', () => {
    const unfolded = { ...overview, panels: overview.panels.map(({ panels: _, ...panel }) => panel) };
    expect(asking(unfolded).filter(({ datasource }) => datasource?.uid !== OTHER_PANEL).length).toBeLessThanOrEqual(11);
    // five lists, and the words of the headline
    expect(overview.templating.list!.filter(({ type }) => type === 'query')).toHaveLength(6);
  });
});

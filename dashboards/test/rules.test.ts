import { describe, expect, it } from '@jest/globals';
import { findBoard, findPanel } from './support/boards.js';
import { GROUPS, RULES } from './support/rules.js';

describe('the alert rules', () => {
  it('lie in the folder of the boards, each with an id of its own', () => {
    expect(new Set(GROUPS.map(({ folder }) => folder))).toEqual(new Set(['Runboard']));
    expect(new Set(GROUPS.map(({ name }) => name)).size).toBe(GROUPS.length);
    expect(new Set(RULES.map(({ uid }) => uid)).size).toBe(RULES.length);
  });

  it.each(RULES)('$uid: one metric per refId, joined by expressions over refIds that there are', (rule) => {
    const refIds = rule.data.map(({ refId }) => refId);
    expect(refIds).toContain(rule.condition);
    for (const { refId, model, datasourceUid } of rule.data) {
      expect(model.refId).toBe(refId);
      if (datasourceUid === 'runboard') {
        expect(model.metrics).toHaveLength(1);
        continue;
      }
      expect([datasourceUid, model.type]).toEqual(['__expr__', 'math']);
      const used = [...model.expression!.matchAll(/\$(\w+)/g)].map(([, name]) => name!);
      expect(used.length).toBeGreaterThan(0);
      expect(used.filter((name) => !refIds.includes(name))).toEqual([]);
    }
  });

  it.each(RULES)(
    '$uid says what to do, and leads to a panel of a board',
    ({ annotations, labels, noDataState, execErrState }) => {
      expect(annotations.summary).toMatch(/\$values\./);
      const panel = findPanel(findBoard(annotations.__dashboardUid__!), Number(annotations.__panelId__));
      expect(panel.type).not.toBe('row');
      expect(labels.source).toBe('runboard');
      // a single $ would be taken for an environment variable in labels
      expect(Object.values(labels).join().replaceAll('$$', '')).not.toContain('$');
      expect(['OK', 'Alerting']).toContain(noDataState);
      expect(['KeepLast', 'Error']).toContain(execErrState);
    },
  );

  it.each(RULES)('$uid tells its groups apart, also by a dimension that one of its own labels is called', (rule) => {
    const dimensions = rule.data.flatMap(({ model }) => (model.groupBy as string[] | undefined) ?? []);
    for (const dimension of new Set(dimensions.filter((name) => name in rule.labels))) {
      expect(Object.values(rule.labels)).toContain(`{{ $$labels.${dimension} }}`);
    }
  });

  it('names no contact point, policy or mute timing, without which Grafana would not start', () => {
    expect(JSON.stringify(RULES)).not.toMatch(/notification_settings|receiver|mute/);
  });
});

import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { ask, CHOSEN, GRAFANA, target, type SavedQuery, type Setting } from './query.js';

/** What the data source marks in panels over time; off until somebody wants it. */
export function mark(setting: Setting, name: string, query: Partial<SavedQuery>, colour: string) {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(CHOSEN)
    .enable(false)
    .iconColor(colour)
    .target(ask(setting, { refId: 'Anno', view: 'annotations', limit: 200, ...query }));
}

/** Budgets that were set, changed or ended: all of them, as filters are of runs. */
export function budgetChanges(): AnnotationQueryBuilder {
  return mark({ datasource: CHOSEN, filters: {} }, 'Budget changes', { kinds: ['budget_change'] }, 'purple');
}

/** When alert rules that lead to this board fired and were resolved. Grafana adds this by itself, hidden, where it is missing. */
export function alerts(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Alerts')
    .builtIn(1)
    .type('dashboard')
    .datasource(GRAFANA)
    .enable(true)
    .iconColor('red')
    .target(target({ type: 'dashboard', limit: 100, matchAny: false, tags: [] }));
}

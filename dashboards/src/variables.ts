import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  VariableRefresh,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { findDimension } from '../../metrics-service/src/catalogue/index.js';
import { CHOSEN, PLUGIN, PROVISIONED, type Filters, type Setting } from './query.js';

type Variable = Builder<VariableModel>;

const ALL = { text: 'All', value: '$__all' };

/** The dimensions that every board is filtered by; they go along from board to board. */
export const SHARED = ['team', 'user', 'repo', 'runtime', 'model'] as const;

/** In the menu of controls: hardly anybody has two. */
export const datasource: Variable = new DatasourceVariableBuilder('datasource')
  .label('Data source')
  .type(PLUGIN)
  // where there are several, this one; where it is not, the first
  .current({ text: 'Runboard', value: PROVISIONED.uid })
  .hide(VariableHide.InControlsMenu);

/** Which list follows which: users, repositories and models of the chosen team. */
const FOLLOWS: Readonly<Record<string, string>> = { user: 'team', repo: 'team', model: 'team' };

/** Behind the control that opens the others, so that filters take one row. */
const BEHIND: readonly string[] = ['runtime', 'model'];

/** A list of a dimension's values, from the service. */
export function dimension(name: string): Variable {
  const followed = FOLLOWS[name];
  const filters = followed === undefined ? {} : { filters: filteredBy([followed]) };
  return new QueryVariableBuilder(name)
    .label(titleOf(name))
    .datasource(CHOSEN)
    .query({ refId: 'RunboardVariable', dimension: name, search: '$__searchFilter', ...filters })
    .definition(name)
    .refresh(VariableRefresh.OnDashboardLoad)
    .multi(true)
    .includeAll(true)
    .allValue('*')
    .current(ALL)
    .hide(BEHIND.includes(name) ? VariableHide.InControlsMenu : VariableHide.DontHide);
}

/** Behind the control that opens the others, so that what is shown takes one row. */
export function behind(variable: Variable): Variable {
  return { build: () => ({ ...variable.build(), hide: VariableHide.InControlsMenu }) };
}

/** A dimension that only knows yes and no. */
export function flag(name: string): Variable {
  return new CustomVariableBuilder(name)
    .label(titleOf(name))
    .values('Yes : true,No : false')
    .includeAll(true)
    .allValue('*')
    .current(ALL);
}

/** One of a few words: `[text, value]`, the first if nothing is chosen. */
export function choice(
  name: string,
  label: string,
  options: readonly (readonly [string, string])[],
): CustomVariableBuilder {
  const [[text, value]] = options as [[string, string]];
  return new CustomVariableBuilder(name)
    .label(label)
    .values(options.map((option) => option.join(' : ')).join(','))
    .current({ text, value });
}

/** One value of a dimension, the first if nothing is chosen. */
export function oneOf(name: string, label: string, of: string): Variable {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(CHOSEN)
    .query({ refId: 'RunboardVariable', dimension: of, search: '$__searchFilter' })
    .definition(of)
    .refresh(VariableRefresh.OnDashboardLoad)
    .multi(false)
    .includeAll(false);
}

/** A text that is taken as it is: a list would go to another value when it does not hold this one. */
export function text(name: string): Variable {
  return new TextBoxVariableBuilder(name).label(titleOf(name)).defaultValue('').current({ text: '', value: '' });
}

/**
 * What a view says in words, for a text panel that holds `$<name>`. It is not taken from an address: a link could put words
 * there.
 */
export function words(name: string, { datasource, filters }: Setting, view: string): Variable {
  const built = new QueryVariableBuilder(name)
    .datasource(datasource)
    .query({ refId: 'RunboardVariable', view, filters })
    .definition(view)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .hide(VariableHide.HideVariable);
  return { build: () => ({ ...built.build(), skipUrlSync: true }) };
}

/** A text that only links set. */
export function chosen(name: string): Variable {
  return { build: () => ({ ...text(name).build(), hide: VariableHide.HideVariable }) };
}

/** Not shown and not asked for: keeps what another board has chosen for the way back. */
export function carried(name: string): Variable {
  return new CustomVariableBuilder(name)
    .hide(VariableHide.HideVariable)
    .values('')
    .multi(true)
    .includeAll(true)
    .allValue('*')
    .allowCustomValue(true)
    .current(ALL);
}

/** The filters that stand for variables: `{"team": ["$team"]}`. */
export function filteredBy(names: readonly string[]): Filters {
  return Object.fromEntries(names.map((name) => [name, [`$${name}`]]));
}

function titleOf(name: string): string {
  const found = findDimension(name);
  if (!found) throw new Error(`the catalogue has no dimension ${name}`);
  return found.title;
}

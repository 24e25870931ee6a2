import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { MultiCombobox } from '@grafana/ui';
import { groupsOf, listOf, metricsOf, titleOf } from '../catalogue';
import { dimensionOptions, isVariable, variableOptions, withChosen } from './options';
import { type FieldProps } from './FieldProps';

/** The service groups by two dimensions at most. */
const MOST = 2;

/** What all the metrics can be grouped by. */
export function GroupByField({ catalogue, query, change }: FieldProps) {
  const chosen = listOf(query.groupBy);
  const taken = groupsOf(catalogue, query);
  const needed = metricsOf(catalogue, query).flatMap(({ title, requires, requiresAny }) => {
    const any = requires ? [requires] : requiresAny;
    if (any.length === 0 || any.some((name) => chosen.includes(name))) return [];
    return [`${title} needs ${any.map((name) => titleOf(catalogue, name)).join(' or ')}`];
  });
  const wrong = chosen.filter((name) => !isVariable(name) && !taken.includes(name));
  const problems = [
    ...wrong.map((name) => `These metrics cannot be grouped by ${titleOf(catalogue, name)}`),
    ...needed,
    ...(chosen.length > MOST ? [`At most ${MOST} dimensions`] : []),
  ];
  return (
    <EditorField
      label="Group by"
      width={30}
      htmlFor={`group-by-${query.refId}`}
      invalid={problems.length > 0}
      error={problems.join('. ')}
    >
      <MultiCombobox
        id={`group-by-${query.refId}`}
        placeholder="Nothing"
        options={withChosen([...dimensionOptions(catalogue, taken), ...variableOptions()], chosen, 'not taken')}
        value={chosen}
        invalid={problems.length > 0}
        isClearable
        onChange={(groups) => change({ groupBy: groups.map(({ value }) => value) })}
      />
    </EditorField>
  );
}

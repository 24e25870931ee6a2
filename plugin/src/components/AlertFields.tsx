import React from 'react';
import { EditorField, EditorRow, EditorRows } from '@grafana/plugin-ui';
import { Alert, Button } from '@grafana/ui';
import { alertProblems } from '../alerting';
import { listOf } from '../catalogue';
import { type CatalogueSource } from '../catalogue-source';
import { type RunboardQuery } from '../types';
import { Choice } from './Choice';
import { Definitions } from './Definitions';
import { type FieldProps } from './FieldProps';
import { FilterRows } from './FilterRows';
import { GroupByField } from './GroupByField';
import { metricOptions, withChosen } from './options';

/** What works in an alert rule, one number of one metric for each group, and what of the query does not. */
export function AlertFields({ datasource, ...props }: FieldProps & { datasource: CatalogueSource }) {
  return (
    <EditorRows>
      <AlertProblems {...props} />
      <EditorRow>
        <MetricField {...props} />
        <GroupByField {...props} />
      </EditorRow>
      <EditorRow>
        <FilterRows {...props} datasource={datasource} />
      </EditorRow>
      <Definitions {...props} />
    </EditorRows>
  );
}

function AlertProblems({ catalogue, query, change }: FieldProps) {
  const problems = alertProblems(catalogue, query);
  if (problems.length === 0) return null;
  const fixes = problems.reduce<Partial<RunboardQuery>>((all, { fix }) => ({ ...all, ...fix }), {});
  return (
    <Alert severity="warning" title="This does not work in an alert rule">
      <ul>
        {problems.map(({ text }) => (
          <li key={text}>{text.charAt(0).toUpperCase() + text.slice(1)}.</li>
        ))}
      </ul>
      {Object.keys(fixes).length > 0 && (
        <Button variant="secondary" size="sm" onClick={() => change(fixes)}>
          Make it one number
        </Button>
      )}
    </Alert>
  );
}

function MetricField({ catalogue, query, change }: FieldProps) {
  const chosen = listOf(query.metrics).slice(0, 1);
  return (
    <EditorField label="Metric" width={50} htmlFor={`metrics-${query.refId}`}>
      <Choice
        id={`metrics-${query.refId}`}
        width={50}
        placeholder="Choose what to count"
        options={withChosen(metricOptions(catalogue), chosen, 'unknown')}
        value={chosen[0]}
        invalid={chosen.length === 0}
        onChange={(metric) => change({ metrics: [metric] })}
      />
    </EditorField>
  );
}

import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { MultiCombobox } from '@grafana/ui';
import { listOf } from '../catalogue';
import { isVariable, metricOptions, variableOptions, withChosen } from './options';
import { type FieldProps } from './FieldProps';

/** The metrics, with what they mean; one that the service does not know is shown as such. */
export function MetricsField({ catalogue, query, change }: FieldProps) {
  const chosen = listOf(query.metrics);
  const options = [...metricOptions(catalogue), ...variableOptions()];
  const isKnown = (id: string) => isVariable(id) || catalogue.metrics.some((metric) => metric.id === id);
  return (
    <EditorField
      label="Metrics"
      width={50}
      htmlFor={`metrics-${query.refId}`}
      invalid={!chosen.every(isKnown)}
      error="The service does not know all of these metrics"
    >
      <MultiCombobox
        id={`metrics-${query.refId}`}
        placeholder="Choose what to count"
        options={withChosen(options, chosen, 'unknown')}
        value={chosen}
        invalid={chosen.length === 0 || !chosen.every(isKnown)}
        isClearable
        onChange={(metrics) => change({ metrics: metrics.map(({ value }) => value) })}
      />
    </EditorField>
  );
}

import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { DISTRIBUTED } from '../types';
import { Choice } from './Choice';
import { variableOptions, withChosen } from './options';
import { type FieldProps } from './FieldProps';

/** What runs are counted by, in one histogram or in cells over time. */
export function DistributionFields({ catalogue, query, change }: FieldProps) {
  const of = query.of || DISTRIBUTED[0].value;
  const intervals = [...catalogue.intervals.map((value) => ({ value, label: value })), ...variableOptions()];
  return (
    <>
      <EditorField label="Of" htmlFor={`of-${query.refId}`}>
        <Choice
          id={`of-${query.refId}`}
          width={18}
          options={withChosen([...DISTRIBUTED, ...variableOptions()], [of], 'unknown')}
          value={of}
          onChange={(chosen) => change({ of: chosen })}
        />
      </EditorField>
      <EditorField
        label="Over time"
        htmlFor={`over-${query.refId}`}
        tooltip="Cells for a heat map, each so long; without it one histogram of the whole period"
      >
        <Choice
          id={`over-${query.refId}`}
          width={16}
          placeholder="One histogram"
          options={withChosen(intervals, query.interval ? [query.interval] : [], 'unknown')}
          value={query.interval}
          onChange={(interval) => change({ interval })}
          onClear={() => change({ interval: undefined })}
        />
      </EditorField>
    </>
  );
}

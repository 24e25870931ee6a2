import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { Button } from '@grafana/ui';
import { titleOf } from '../catalogue';
import { type FieldProps } from './FieldProps';

/** Filters that came with the query from the top of a dashboard, into Explore: each can be taken off. */
export function AdHocNote({ catalogue, query, change }: FieldProps) {
  const filters = query.adhocFilters ?? [];
  if (filters.length === 0) return null;
  return (
    <EditorField label="From the dashboard">
      <>
        {filters.map((filter, index) => (
          <Button
            key={index}
            size="sm"
            variant="secondary"
            icon="times"
            tooltip="Take this filter off"
            onClick={() => change({ adhocFilters: filters.filter((one) => one !== filter) })}
          >
            {`${titleOf(catalogue, filter.key)} ${filter.operator} ${(filter.values ?? [filter.value]).join(', ')}`}
          </Button>
        ))}
      </>
    </EditorField>
  );
}

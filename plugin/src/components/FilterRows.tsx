import React, { useState } from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { Stack } from '@grafana/ui';
import { filtersOf, titleOf } from '../catalogue';
import { type CatalogueSource } from '../catalogue-source';
import { readFilters, writeFilters, type FilterRow } from '../filters';
import { Choice } from './Choice';
import { FilterLine } from './FilterLine';
import { dimensionOptions } from './options';
import { type FieldProps } from './FieldProps';

/** The filters, a line each, and what opens another one. All must hold. */
export function FilterRows({ catalogue, query, change, datasource }: FieldProps & { datasource: CatalogueSource }) {
  const rows = readFilters(query.filters);
  // whose values are typed next
  const [added, setAdded] = useState<string | null>(null);
  const taken = filtersOf(catalogue, query);
  const free = taken.filter((name) => !rows.some(({ dimension }) => dimension === name));
  const write = (next: FilterRow[]) => change({ filters: writeFilters(next) });
  return (
    <EditorField label="Filters" htmlFor={`add-filter-${query.refId}`}>
      <Stack direction="column" gap={0.5}>
        {rows.map((row, index) => (
          <FilterLine
            key={row.dimension}
            row={row}
            title={titleOf(catalogue, row.dimension)}
            isTaken={taken.includes(row.dimension)}
            isNew={row.dimension === added}
            datasource={datasource}
            onChange={(part) => write(rows.map((one, at) => (at === index ? { ...one, ...part } : one)))}
            onRemove={() => write(rows.filter((one) => one !== row))}
          />
        ))}
        <Choice
          key={rows.length}
          id={`add-filter-${query.refId}`}
          width={20}
          placeholder="Add a filter"
          options={dimensionOptions(catalogue, free)}
          value={null}
          onChange={(dimension) => {
            setAdded(dimension);
            write([...rows, { dimension, negated: false, values: [] }]);
          }}
        />
      </Stack>
    </EditorField>
  );
}

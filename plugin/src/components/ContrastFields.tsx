import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { filtersOf, titleOf } from '../catalogue';
import { type CatalogueSource } from '../catalogue-source';
import { readFilters, writeFilters, type FilterRow } from '../filters';
import { CONTRASTED } from '../types';
import { Choice } from './Choice';
import { FilterLine } from './FilterLine';
import { dimensionOptions, variableOptions, withChosen } from './options';
import { type FieldProps } from './FieldProps';

/** What is compared with what: sessions or work items with and without what passes one filter. */
export function ContrastFields({ catalogue, query, change, datasource }: FieldProps & { datasource: CatalogueSource }) {
  const [row] = readFilters(query.by);
  const write = (next: FilterRow | undefined) => change({ by: next && writeFilters([next]) });
  const taken = [...filtersOf(catalogue, query), 'tool'];
  const of = query.of || CONTRASTED[0].value;
  return (
    <>
      <EditorField label="Of" htmlFor={`of-${query.refId}`}>
        <Choice
          id={`of-${query.refId}`}
          width={18}
          options={withChosen([...CONTRASTED, ...variableOptions()], [of], 'unknown')}
          value={of}
          onChange={(chosen) => change({ of: chosen })}
        />
      </EditorField>
      <EditorField label="With and without" htmlFor={`by-${query.refId}`}>
        {row ? (
          <FilterLine
            row={row}
            title={titleOf(catalogue, row.dimension)}
            isTaken={taken.includes(row.dimension)}
            isNew={row.values.length === 0}
            datasource={datasource}
            onChange={(part) => write({ ...row, ...part })}
            onRemove={() => write(undefined)}
          />
        ) : (
          <Choice
            id={`by-${query.refId}`}
            width={20}
            placeholder="Role, tool, model …"
            options={dimensionOptions(catalogue, taken)}
            value={null}
            onChange={(dimension) => write({ dimension, negated: false, values: [] })}
          />
        )}
      </EditorField>
    </>
  );
}

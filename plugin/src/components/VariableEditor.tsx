import React from 'react';
import { type QueryEditorProps } from '@grafana/data';
import { EditorField, EditorRow, EditorRows } from '@grafana/plugin-ui';
import { Text } from '@grafana/ui';
import { type CatalogueSource } from '../catalogue-source';
import { type RunboardOptions, type RunboardQuery, type VariableQuery } from '../types';
import { Choice } from './Choice';
import { CommittedInput } from './CommittedInput';
import { FilterRows } from './FilterRows';
import { dimensionOptions, withChosen } from './options';
import { WithCatalogue } from './WithCatalogue';

type Props = QueryEditorProps<CatalogueSource, RunboardQuery, RunboardOptions, VariableQuery>;

/** Which dimension a variable has its values from, how they are searched, and on which runs. */
export function VariableEditor({ datasource, query, onChange }: Props) {
  const change = (part: Partial<VariableQuery>) => onChange({ ...query, ...part });
  const { dimension, search = '', view, filters } = query;
  const passing = { refId: query.refId, view: view ?? 'runs', filters };
  return (
    <WithCatalogue datasource={datasource}>
      {(catalogue) => {
        const names = catalogue.dimensions.flatMap(({ name, filters }) => (filters ? [name] : []));
        const known = catalogue.dimensions.find(({ name }) => name === dimension);
        return (
          <EditorRows>
            {view ? <Text>The variable is one text: what the view “{view}” says, for a text panel</Text> : null}
            <EditorRow>
              <EditorField
                label="Values of"
                htmlFor="variable-dimension"
                invalid={Boolean(dimension) && !known}
                error="The service does not know this dimension"
              >
                <Choice
                  id="variable-dimension"
                  width={26}
                  placeholder="Choose a dimension"
                  options={withChosen(dimensionOptions(catalogue, names), dimension ? [dimension] : [], 'unknown')}
                  value={dimension}
                  onChange={(value) => change({ dimension: value })}
                />
              </EditorField>
              <EditorField
                label="That contain"
                htmlFor="variable-search"
                tooltip="$__searchFilter is what is typed into the variable's list, so that the service searches all values"
              >
                <CommittedInput
                  id="variable-search"
                  width={26}
                  placeholder="Anything"
                  value={search}
                  onCommit={(typed) => change({ search: typed })}
                />
              </EditorField>
            </EditorRow>
            <EditorRow>
              <FilterRows
                catalogue={catalogue}
                query={passing}
                change={(part) => change({ filters: part.filters })}
                datasource={datasource}
              />
            </EditorRow>
            {known && (
              <Text variant="bodySmall" color="secondary">
                {known.definition}
              </Text>
            )}
          </EditorRows>
        );
      }}
    </WithCatalogue>
  );
}

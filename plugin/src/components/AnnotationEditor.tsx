import React from 'react';
import { type QueryEditorProps } from '@grafana/data';
import { type DataSource } from '../datasource';
import { ANNOTATIONS, type RunboardOptions, type RunboardQuery } from '../types';
import { Fields } from './QueryEditor';
import { WithCatalogue } from './WithCatalogue';

type Props = QueryEditorProps<DataSource, RunboardQuery, RunboardOptions>;

/** The editor of an annotation query: the view is given, the rest as in a panel. */
export function AnnotationEditor({ datasource, query: saved, onChange, onRunQuery }: Props) {
  const query = { ...saved, ...ANNOTATIONS };
  const change = (part: Partial<RunboardQuery>) => {
    onChange({ ...query, ...part });
    onRunQuery();
  };
  return (
    <WithCatalogue datasource={datasource}>
      {(catalogue) => (
        <Fields catalogue={catalogue} query={query} change={change} datasource={datasource} view="fixed" />
      )}
    </WithCatalogue>
  );
}

import React from 'react';
import { type QueryEditorProps } from '@grafana/data';
import { type CatalogueSource } from '../catalogue-source';
import { ANNOTATIONS, type RunboardOptions, type RunboardQuery } from '../types';
import { QueryFields } from './QueryFields';
import { WithCatalogue } from './WithCatalogue';

type Props = QueryEditorProps<CatalogueSource, RunboardQuery, RunboardOptions>;

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
        <QueryFields catalogue={catalogue} query={query} change={change} datasource={datasource} view="fixed" />
      )}
    </WithCatalogue>
  );
}

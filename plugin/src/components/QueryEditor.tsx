import React from 'react';
import { type QueryEditorProps } from '@grafana/data';
import { type CatalogueSource } from '../catalogue-source';
import { DEFAULT_QUERY, type RunboardOptions, type RunboardQuery } from '../types';
import { QueryFields } from './QueryFields';
import { WithCatalogue } from './WithCatalogue';

type Props = QueryEditorProps<CatalogueSource, RunboardQuery, RunboardOptions>;

/** Asks for what the catalogue of the service has; what the chosen view does not use is hidden, and kept. */
export function QueryEditor({ datasource, query: saved, onChange, onRunQuery }: Props) {
  const query = saved.view ? saved : { ...DEFAULT_QUERY, ...saved };
  const change = (part: Partial<RunboardQuery>) => {
    onChange({ ...query, ...part });
    onRunQuery();
  };
  return (
    <WithCatalogue datasource={datasource}>
      {(catalogue) => <QueryFields catalogue={catalogue} query={query} change={change} datasource={datasource} />}
    </WithCatalogue>
  );
}

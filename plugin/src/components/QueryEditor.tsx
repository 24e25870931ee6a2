import React, { useEffect, useRef } from 'react';
import { type QueryEditorProps } from '@grafana/data';
import { isAlerting } from '../alerting';
import { type CatalogueSource } from '../catalogue-source';
import { DEFAULT_ALERT_QUERY, DEFAULT_QUERY, type RunboardOptions, type RunboardQuery } from '../types';
import { AlertFields } from './AlertFields';
import { QueryFields } from './QueryFields';
import { WithCatalogue } from './WithCatalogue';

type Props = QueryEditorProps<CatalogueSource, RunboardQuery, RunboardOptions>;

/** Asks for what the catalogue of the service has; what the chosen view does not use is hidden, and kept. */
export function QueryEditor({ app, datasource, query: saved, onChange, onRunQuery }: Props) {
  const forAlert = isAlerting(app);
  const query = saved.view ? saved : { ...(forAlert ? DEFAULT_ALERT_QUERY : DEFAULT_QUERY), ...saved };
  const opened = useRef({ query, onChange });
  // the form of a rule shows the default query as if it were in the rule, which would save and preview none
  useEffect(() => {
    if (forAlert) opened.current.onChange(opened.current.query);
  }, [forAlert]);
  const change = (part: Partial<RunboardQuery>) => {
    onChange({ ...query, ...part });
    onRunQuery();
  };
  return (
    <WithCatalogue datasource={datasource}>
      {(catalogue) => {
        const Fields = forAlert ? AlertFields : QueryFields;
        return <Fields catalogue={catalogue} query={query} change={change} datasource={datasource} />;
      }}
    </WithCatalogue>
  );
}

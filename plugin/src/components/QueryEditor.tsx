import React from 'react';
import { type QueryEditorProps } from '@grafana/data';
import { EditorRow, EditorRows } from '@grafana/plugin-ui';
import { viewOf } from '../catalogue';
import { type DataSource } from '../datasource';
import { DEFAULT_QUERY, type Catalogue, type RunboardOptions, type RunboardQuery } from '../types';
import { AdHocNote } from './AdHocNote';
import { CompareField, IntervalField, KindsField, LegendField, LimitField, OrderFields } from './fields';
import { Definitions } from './Definitions';
import { FilterRows } from './FilterRows';
import { GroupByField } from './GroupByField';
import { MetricsField } from './MetricsField';
import { ViewField } from './ViewField';
import { WithCatalogue } from './WithCatalogue';

type Props = QueryEditorProps<DataSource, RunboardQuery, RunboardOptions>;

/** What a field of the editor needs. */
export interface FieldProps {
  catalogue: Catalogue;
  query: RunboardQuery;
  change: (part: Partial<RunboardQuery>) => void;
}

/** Asks for what the catalogue of the service has; what the chosen view does not use is hidden, and kept. */
export function QueryEditor({ datasource, query: saved, onChange, onRunQuery }: Props) {
  const query = saved.view ? saved : { ...DEFAULT_QUERY, ...saved };
  const change = (part: Partial<RunboardQuery>) => {
    onChange({ ...query, ...part });
    onRunQuery();
  };
  return (
    <WithCatalogue datasource={datasource}>
      {(catalogue) => <Fields catalogue={catalogue} query={query} change={change} datasource={datasource} />}
    </WithCatalogue>
  );
}

/** The fields that the view of the query uses. */
export function Fields({ datasource, view, ...props }: FieldProps & { datasource: DataSource; view?: 'fixed' }) {
  const { catalogue, query } = props;
  const members = viewOf(catalogue, query)?.members ?? [];
  const uses = (member: keyof RunboardQuery) => members.includes(member);
  const hasOrder = uses('orderBy') && (!uses('groupBy') || (query.groupBy ?? []).length > 0);
  return (
    <EditorRows>
      <EditorRow>
        {view !== 'fixed' && <ViewField {...props} />}
        {uses('metrics') && <MetricsField {...props} />}
        {uses('groupBy') && <GroupByField {...props} />}
        {uses('kinds') && <KindsField {...props} />}
      </EditorRow>
      {uses('filters') && (
        <EditorRow>
          <FilterRows {...props} datasource={datasource} />
          <AdHocNote {...props} />
        </EditorRow>
      )}
      <EditorRow>
        {uses('interval') && <IntervalField {...props} />}
        {uses('compare') && <CompareField {...props} />}
        {hasOrder && <OrderFields {...props} />}
        {uses('limit') && (hasOrder || !uses('groupBy')) && <LimitField {...props} />}
        {uses('legend') && <LegendField {...props} />}
      </EditorRow>
      <Definitions {...props} />
    </EditorRows>
  );
}

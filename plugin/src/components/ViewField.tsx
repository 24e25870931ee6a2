import React, { useRef } from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { ordersOf, viewOf } from '../catalogue';
import { type RunboardQuery } from '../types';
import { Choice } from './Choice';
import { withChosen } from './options';
import { type FieldProps } from './FieldProps';

/** Another view uses other members: all are kept, but for an order that the new view has no column for. */
export function ViewField({ catalogue, query, change }: FieldProps) {
  const orders = useRef<Record<string, RunboardQuery['orderBy']>>({});
  const choose = (view: string) => {
    orders.current[query.view ?? ''] = query.orderBy;
    const orderBy = orders.current[view] ?? query.orderBy;
    const next = { ...query, view };
    const fits = !viewOf(catalogue, next) || ordersOf(catalogue, next).some(({ name }) => name === orderBy);
    change({ view, orderBy: fits ? orderBy : undefined });
  };
  const options = catalogue.views.map(({ name, title }) => ({ value: name, label: title }));
  const chosen = query.view ? [query.view] : [];
  return (
    <EditorField label="View" htmlFor={`view-${query.refId}`}>
      <Choice
        width={24}
        id={`view-${query.refId}`}
        options={withChosen(options, chosen, 'unknown')}
        value={query.view}
        invalid={!viewOf(catalogue, query)}
        onChange={choose}
      />
    </EditorField>
  );
}

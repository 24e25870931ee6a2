import React from 'react';
import { EditorRow, EditorRows } from '@grafana/plugin-ui';
import { metricsOf, viewOf } from '../catalogue';
import { type CatalogueSource } from '../catalogue-source';
import { type RunboardQuery } from '../types';
import { AdHocNote } from './AdHocNote';
import {
  BoundsField,
  CompareField,
  IntervalField,
  IntervalsField,
  KindsField,
  LegendField,
  LimitField,
  OrderFields,
  SparklineField,
  TrendField,
} from './fields';
import { ContrastFields } from './ContrastFields';
import { DistributionFields } from './DistributionFields';
import { Definitions } from './Definitions';
import { type FieldProps } from './FieldProps';
import { FilterRows } from './FilterRows';
import { GroupByField } from './GroupByField';
import { MetricsField } from './MetricsField';
import { ViewField } from './ViewField';

/** The fields that the view of the query uses. */
export function QueryFields({
  datasource,
  view,
  ...props
}: FieldProps & { datasource: CatalogueSource; view?: 'fixed' }) {
  const { catalogue, query } = props;
  const members = viewOf(catalogue, query)?.members ?? [];
  const uses = (member: keyof RunboardQuery) => members.includes(member);
  const isGrouped = (query.groupBy ?? []).length > 0;
  const hasOrder = uses('orderBy') && (!uses('groupBy') || isGrouped);
  const hasShare = metricsOf(catalogue, query).some(({ hasInterval }) => hasInterval);
  const isDistribution = uses('of') && !uses('by');
  // only what is drawn beside a number has points
  const isDrawing = uses('sparkline') || uses('trend');
  return (
    <EditorRows>
      <EditorRow>
        {view !== 'fixed' && <ViewField {...props} />}
        {uses('metrics') && <MetricsField {...props} />}
        {uses('groupBy') && <GroupByField {...props} />}
        {uses('kinds') && <KindsField {...props} />}
        {isDistribution && <DistributionFields {...props} />}
      </EditorRow>
      {uses('by') && (
        <EditorRow>
          <ContrastFields {...props} datasource={datasource} />
        </EditorRow>
      )}
      {uses('filters') && (
        <EditorRow>
          <FilterRows {...props} datasource={datasource} />
          <AdHocNote {...props} />
        </EditorRow>
      )}
      <EditorRow>
        {uses('compare') && <CompareField {...props} />}
        {uses('intervals') && (hasShare || query.intervals) && <IntervalsField {...props} />}
        {uses('sparkline') && !isGrouped && <SparklineField {...props} />}
        {uses('trend') && isGrouped && <TrendField {...props} />}
        {uses('interval') && !isDistribution && (!isDrawing || query.sparkline || query.trend) && (
          <IntervalField {...props} />
        )}
        {uses('bounds') && <BoundsField {...props} />}
        {hasOrder && <OrderFields {...props} />}
        {uses('limit') && (hasOrder || !uses('groupBy')) && <LimitField {...props} />}
        {uses('legend') && <LegendField {...props} />}
      </EditorRow>
      <Definitions {...props} />
    </EditorRows>
  );
}

import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { InlineSwitch, MultiCombobox } from '@grafana/ui';
import { listOf, ordersOf } from '../catalogue';
import { COMPARISONS, DIRECTIONS } from '../types';
import { Choice } from './Choice';
import { CommittedInput } from './CommittedInput';
import { isVariable, variableOptions, withChosen } from './options';
import { type FieldProps } from './FieldProps';

/** How long a point of a series is. */
export function IntervalField({ catalogue, query, change }: FieldProps) {
  const options = [...catalogue.intervals.map((value) => ({ value, label: value })), ...variableOptions()];
  const chosen = query.interval || 'auto';
  return (
    <EditorField label="Interval" htmlFor={`interval-${query.refId}`}>
      <Choice
        id={`interval-${query.refId}`}
        width={14}
        options={withChosen(options, [chosen], 'unknown')}
        value={chosen}
        onChange={(interval) => change({ interval })}
      />
    </EditorField>
  );
}

export function CompareField({ query, change }: FieldProps) {
  return (
    <EditorField
      label="Compare with"
      htmlFor={`compare-${query.refId}`}
      tooltip="An earlier period: the change is drawn where both have enough runs, coloured where it is more than chance"
    >
      <Choice
        id={`compare-${query.refId}`}
        width={24}
        placeholder="Nothing"
        options={withChosen([...COMPARISONS, ...variableOptions()], query.compare ? [query.compare] : [], 'unknown')}
        value={query.compare}
        onChange={(compare) => change({ compare })}
        onClear={() => change({ compare: undefined })}
      />
    </EditorField>
  );
}

/** Where chance can be told. */
export function IntervalsField({ query, change }: FieldProps) {
  return (
    <EditorField
      label="Intervals"
      htmlFor={`intervals-${query.refId}`}
      tooltip="Two more columns for each share, the ends of its 95 % interval, and a notice which groups are not told apart"
    >
      <InlineSwitch
        id={`intervals-${query.refId}`}
        value={Boolean(query.intervals)}
        onChange={({ currentTarget }) => change({ intervals: currentTarget.checked ? 'wilson95' : undefined })}
      />
    </EditorField>
  );
}

/** For stat panels. */
export function SparklineField({ query, change }: FieldProps) {
  return (
    <EditorField
      label="Sparkline"
      htmlFor={`sparkline-${query.refId}`}
      tooltip="For a stat panel: the points of the period beside its number, with the change if it is compared"
    >
      <InlineSwitch
        id={`sparkline-${query.refId}`}
        value={query.sparkline === true}
        onChange={({ currentTarget }) => change({ sparkline: currentTarget.checked ? true : undefined })}
      />
    </EditorField>
  );
}

/** The metric whose points each row of a table has. */
export function TrendField({ catalogue, query, change }: FieldProps) {
  const options = catalogue.metrics.map(({ id, title }) => ({ value: id, label: title }));
  const chosen = query.trend ? [query.trend] : [];
  return (
    <EditorField
      label="Trend"
      htmlFor={`trend-${query.refId}`}
      tooltip="A column with the points of a metric in each row"
    >
      <Choice
        id={`trend-${query.refId}`}
        width={26}
        placeholder="None"
        options={withChosen([...options, ...variableOptions()], chosen, 'unknown')}
        value={query.trend}
        onChange={(trend) => change({ trend })}
        onClear={() => change({ trend: undefined })}
      />
    </EditorField>
  );
}

/** For links to what happened in a bar. */
export function BoundsField({ query, change }: FieldProps) {
  return (
    <EditorField
      label="Ends of points"
      htmlFor={`bounds-${query.refId}`}
      tooltip="A hidden field `until`, for links: from=${__value.time}&to=${__data.fields.until.numeric}"
    >
      <InlineSwitch
        id={`bounds-${query.refId}`}
        value={query.bounds === true}
        onChange={({ currentTarget }) => change({ bounds: currentTarget.checked ? true : undefined })}
      />
    </EditorField>
  );
}

/** Which groups or rows come first, and so which are left when a limit cuts them. */
export function OrderFields({ catalogue, query, change }: FieldProps) {
  const options = ordersOf(catalogue, query).map(({ name, title }) => ({ value: name, label: title }));
  const chosen = query.orderBy ? [query.orderBy] : [];
  return (
    <>
      <EditorField label="Order by" htmlFor={`order-by-${query.refId}`}>
        <Choice
          id={`order-by-${query.refId}`}
          width={26}
          placeholder={listOf(query.metrics).length > 0 ? 'The first metric' : 'The usual'}
          options={withChosen([...options, ...variableOptions()], chosen, 'unknown')}
          value={query.orderBy}
          onChange={(orderBy) => change({ orderBy })}
          onClear={() => change({ orderBy: undefined })}
        />
      </EditorField>
      <EditorField label="Direction" htmlFor={`direction-${query.refId}`}>
        <Choice
          id={`direction-${query.refId}`}
          width={18}
          options={DIRECTIONS}
          value={query.direction || DIRECTIONS[0].value}
          onChange={(direction) => change({ direction })}
        />
      </EditorField>
    </>
  );
}

/** A number, or a variable that is one. */
export function LimitField({ query, change }: FieldProps) {
  const value = query.limit == null ? '' : String(query.limit);
  const isRight = value === '' || isVariable(value) || /^[1-9]\d*$/.test(value);
  const commit = (typed: string) => {
    const limit = typed.trim();
    change({ limit: limit === '' ? undefined : /^\d+$/.test(limit) ? Number(limit) : limit });
  };
  return (
    <EditorField
      label="Limit"
      htmlFor={`limit-${query.refId}`}
      invalid={!isRight}
      error="A whole number from 1, or a variable"
    >
      <CommittedInput id={`limit-${query.refId}`} width={12} placeholder="usual" value={value} onCommit={commit} />
    </EditorField>
  );
}

export function LegendField({ query, change }: FieldProps) {
  return (
    <EditorField
      label="Legend"
      htmlFor={`legend-${query.refId}`}
      tooltip="What lines and numbers are called: {{metric}}, and {{team}} where they are grouped by team"
    >
      <CommittedInput
        id={`legend-${query.refId}`}
        width={26}
        placeholder="By group and metric"
        value={query.legend ?? ''}
        onCommit={(typed) => change({ legend: typed || undefined })}
      />
    </EditorField>
  );
}

/** What annotations mark; nothing chosen is everything. */
export function KindsField({ catalogue, query, change }: FieldProps) {
  const chosen = listOf(query.kinds);
  const options = catalogue.annotations.map((value) => ({ value, label: value.replaceAll('_', ' ') }));
  return (
    <EditorField label="Marks" width={50} htmlFor={`kinds-${query.refId}`}>
      <MultiCombobox
        id={`kinds-${query.refId}`}
        placeholder="Everything"
        options={withChosen([...options, ...variableOptions()], chosen, 'unknown')}
        value={chosen}
        isClearable
        onChange={(kinds) => change({ kinds: kinds.map(({ value }) => value) })}
      />
    </EditorField>
  );
}

import React from 'react';
import { EditorField } from '@grafana/plugin-ui';
import { InlineSwitch, MultiCombobox } from '@grafana/ui';
import { listOf, ordersOf } from '../catalogue';
import { DIRECTIONS, PREVIOUS } from '../types';
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
      label="Compare"
      htmlFor={`compare-${query.refId}`}
      tooltip="With the period of the same length before this one"
    >
      <InlineSwitch
        id={`compare-${query.refId}`}
        value={query.compare === PREVIOUS}
        onChange={({ currentTarget }) => change({ compare: currentTarget.checked ? PREVIOUS : undefined })}
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

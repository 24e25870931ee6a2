import React, { useEffect, useId } from 'react';
import { Box, IconButton, InlineLabel, MultiCombobox, Stack } from '@grafana/ui';
import { type CatalogueSource } from '../catalogue-source';
import { type FilterRow } from '../filters';
import { Choice } from './Choice';
import { variableOptions } from './options';
import { useValueNames } from './useValueNames';

interface Props {
  row: FilterRow;
  title: string;
  /** whether the query can be filtered by it */
  isTaken: boolean;
  /** it was just added: its values are typed next */
  isNew?: boolean;
  datasource: CatalogueSource;
  onChange: (part: Partial<FilterRow>) => void;
  onRemove: () => void;
}

const OPERATORS = [
  { value: 'is', label: 'is' },
  { value: 'is not', label: 'is not' },
];

/** `Team is core, web ×`: values are searched by the service; what it does not have yet can be typed. */
export function FilterLine({ row, title, isTaken, isNew = false, datasource, onChange, onRemove }: Props) {
  const { dimension, negated, values } = row;
  const id = useId();
  useEffect(() => {
    if (isNew) document.getElementById(`${id}-values`)?.focus();
  }, [isNew, id]);
  const nameOf = useValueNames(datasource, dimension, values);
  const search = async (typed: string) => {
    const found = await datasource.values(dimension, typed);
    const variables = variableOptions().filter(({ value }) => value.includes(typed));
    return [...found.map(({ value, text }) => ({ value, label: text })), ...variables];
  };
  return (
    <Stack direction="row" gap={0.5} alignItems="center">
      <InlineLabel width={18} tooltip={isTaken ? undefined : 'What is asked for cannot be filtered by this'}>
        {isTaken ? title : `${title} (not taken)`}
      </InlineLabel>
      <label htmlFor={`${id}-operator`} className="sr-only">{`${title} is or is not`}</label>
      <Choice
        id={`${id}-operator`}
        width={10}
        options={OPERATORS}
        value={negated ? 'is not' : 'is'}
        onChange={(value) => onChange({ negated: value === 'is not' })}
      />
      <label htmlFor={`${id}-values`} className="sr-only">{`Values of ${title}`}</label>
      <Box minWidth={50}>
        <MultiCombobox
          id={`${id}-values`}
          placeholder="anything"
          options={search}
          value={values.map((value) => ({ value, label: nameOf(value) }))}
          invalid={!isTaken}
          createCustomValue
          onChange={(chosen) => onChange({ values: chosen.map(({ value }) => value) })}
        />
      </Box>
      <IconButton name="times" tooltip={`Remove the filter on ${title}`} onClick={onRemove} />
    </Stack>
  );
}

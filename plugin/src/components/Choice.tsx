import React, { useEffect, useMemo, useRef } from 'react';
import { Combobox, type ComboboxOption } from '@grafana/ui';

interface Props {
  id: string;
  options: ComboboxOption[];
  value: string | null | undefined;
  onChange: (value: string) => void;
  /** what is done when nothing is chosen any more, where that can be */
  onClear?: () => void;
  width?: number;
  placeholder?: string;
  invalid?: boolean;
}

/**
 * One of several. Grafana's Combobox tells of a choice again with each rendering until its value has come back, which in
 * Explore takes several: each choice is passed on once. Its options stay the same objects while they say the same.
 */
export function Choice({ options, value = null, onChange, onClear, ...props }: Props) {
  const content = JSON.stringify(options);
  const same = useMemo(() => JSON.parse(content) as ComboboxOption[], [content]);
  const told = useRef(value);
  useEffect(() => {
    told.current = value;
  }, [value]);
  const choose = (option: ComboboxOption | null) => {
    const chosen = option?.value ?? null;
    if (chosen === told.current) return;
    told.current = chosen;
    if (chosen !== null) onChange(chosen);
    else onClear?.();
  };
  const common = { ...props, options: same, value };
  return onClear ? <Combobox {...common} isClearable onChange={choose} /> : <Combobox {...common} onChange={choose} />;
}

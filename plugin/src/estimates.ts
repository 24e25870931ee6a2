import {
  formattedValueToString,
  getValueFormat,
  MappingType,
  type DataFrame,
  type Field,
  type ValueMappingResult,
} from '@grafana/data';

/** The frame with `~$0.42` in the cells whose values the service marks as estimates: they stay the numbers that they are, for sorting. */
export function withEstimates(frame: DataFrame): DataFrame {
  const marks = new Map(frame.fields.flatMap((field) => (marked(field) ? [[marked(field), field.values]] : [])));
  if (marks.size === 0) return frame;
  const fields = frame.fields.map((field) => withMarks(field, marks.get(field.name) as boolean[] | undefined));
  return { ...frame, fields };
}

/** Of which field it says which values are estimates. */
function marked({ config }: Field): string | undefined {
  return (config.custom as { estimates?: string } | undefined)?.estimates;
}

function withMarks(field: Field, isEstimate: readonly boolean[] = []): Field {
  const values = field.values as Array<number | null>;
  const ofKind = (estimated: boolean) => values.filter((_, row) => (isEstimate[row] === true) === estimated);
  // a cell's text is found by its value: one that is also known to be so is none
  const known = new Set(ofKind(false));
  const estimates = new Set(ofKind(true).filter((value): value is number => value !== null && !known.has(value)));
  if (estimates.size === 0) return field;
  const { unit, decimals, mappings = [] } = field.config;
  const shown = (value: number) => `~${formattedValueToString(getValueFormat(unit)(value, decimals))}`;
  const options: Record<string, ValueMappingResult> = {};
  for (const value of estimates) options[String(value)] = { text: shown(value) };
  return { ...field, config: { ...field.config, mappings: [...mappings, { type: MappingType.ValueToText, options }] } };
}

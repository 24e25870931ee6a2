import { FieldType, type DataFrame } from '@grafana/data';

/**
 * Two points in time, as `compare` answers them, for a stat panel. It draws a change from nothing as 0 % or ∞ %, and no
 * change at all in the colour of a bad one; from infinity it draws none, so that the earlier value becomes that.
 */
export function withoutFalseChanges(frame: DataFrame): DataFrame {
  const fields = frame.fields.map((field) => {
    const [earlier, now] = field.values as Array<number | null>;
    const isTrue = earlier && now !== null && earlier !== now;
    return field.type !== FieldType.number || isTrue ? field : { ...field, values: [Infinity, now] };
  });
  return { ...frame, fields };
}

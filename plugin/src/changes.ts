import { FieldType, type DataFrame } from '@grafana/data';

/** Less is none: 0.0000396 % is no news. */
const LEAST_CHANGE = 0.0005;

/**
 * Two points in time, as `compare` answers them, for a stat panel. It draws a change from nothing as 0 % or ∞ %, and no
 * change at all in the colour of a bad one; from infinity it draws none, so that the earlier value becomes that.
 */
export function withoutFalseChanges(frame: DataFrame): DataFrame {
  const fields = frame.fields.map((field) => {
    const [earlier, now] = field.values as Array<number | null>;
    const isTrue = earlier && now !== null && Math.abs(now / earlier - 1) >= LEAST_CHANGE;
    return field.type !== FieldType.number || isTrue ? field : { ...field, values: [Infinity, now] };
  });
  return { ...frame, fields };
}

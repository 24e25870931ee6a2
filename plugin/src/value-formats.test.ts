import { FieldType, formattedValueToString, getDisplayProcessor, createTheme, toDataFrame } from '@grafana/data';
import { inOurForms, registerFormats } from './value-formats';

registerFormats();

/** What a panel shows for a value in a unit that the service sends; `decimals` as an axis gives them. */
function shown(unit: string, value: number | null, decimals?: number, chosen?: number): string {
  const config = { unit, decimals: unit === 'clockms' ? 1 : 2 };
  const frame = toDataFrame({ fields: [{ name: 'x', type: FieldType.number, values: [value], config }] });
  const [field] = inOurForms(frame).fields;
  // a panel's own setting comes after what the data source says
  const inPanel = { ...field, config: { ...field.config, ...(chosen === undefined ? {} : { decimals: chosen }) } };
  return formattedValueToString(getDisplayProcessor({ field: inPanel, theme: createTheme() })(value, decimals));
}

test.each([
  [879_000, '14m 39s'],
  [7_500_000, '2h 5m'],
  [340, '340ms'],
  [0, '0ms'],
])('a duration of %p ms is %p, on axes too', (value, text) => {
  expect(shown('clockms', value)).toBe(text);
  expect(shown('ms', value, 2)).toBe(text);
});

test.each([
  [0.0042, '$0.0042'],
  [3780.214, '$3,780.21'],
  [12_345.67, '$12,346'],
])('money of %p is %p', (value, text) => expect(shown('currencyUSD', value)).toBe(text));

test('money on an axis has the decimals of its steps, and in a panel those that are chosen', () => {
  expect(shown('currencyUSD', 200, 0)).toBe('$200');
  expect(shown('currencyUSD', 0.0005, 4)).toBe('$0.0005');
  expect(shown('currencyUSD', 3780.214, undefined, 0)).toBe('$3,780');
});

test('what is unknown stays so, and other units are left alone', () => {
  expect(shown('clockms', null)).toBe('');
  const frame = toDataFrame({
    fields: [{ name: 'x', type: FieldType.number, values: [1], config: { unit: 'locale' } }],
  });
  expect(inOurForms(frame)).toEqual(frame);
});

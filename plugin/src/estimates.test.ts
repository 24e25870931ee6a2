import { createTheme, FieldType, formattedValueToString, getDisplayProcessor, toDataFrame } from '@grafana/data';
import { withEstimates } from './estimates';
import { inOurForms, registerFormats } from './value-formats';

registerFormats();

const MARK = { custom: { estimates: 'total_cost' } };
const frameOf = (costs: Array<number | null>, estimated: boolean[], mark: object = MARK) =>
  toDataFrame({
    fields: [
      { name: 'total_cost', type: FieldType.number, values: costs, config: { unit: 'currencyUSD' } },
      { name: 'total_tokens', type: FieldType.number, values: costs, config: { unit: 'locale' } },
      { name: 'cost_estimated', type: FieldType.boolean, values: estimated, config: mark },
    ],
  });

/** What the cells of a column show. */
function cells(frame: ReturnType<typeof frameOf>, column = 0): string[] {
  const field = withEstimates(inOurForms(frame)).fields[column];
  const display = getDisplayProcessor({ field, theme: createTheme() });
  return field.values.map((value) => formattedValueToString(display(value)));
}

test('an estimate shows that it is one, and stays a number', () => {
  const frame = frameOf([1.5, 0.423_456_7, null, 3780.2, 0.0042], [false, true, false, true, true]);
  expect(cells(frame)).toEqual(['$1.50', '~$0.42', '', '~$3,780.20', '~$0.0042']);
  expect(withEstimates(frame).fields[0].values).toEqual(frame.fields[0].values);
});

test('what is known is never shown as an estimate', () => {
  expect(cells(frameOf([0, 0, 0.5], [false, true, true]))).toEqual(['$0.00', '$0.00', '~$0.50']);
});

test('other columns, and frames without a mark, are left alone', () => {
  const frame = frameOf([2.5], [true]);
  expect(cells(frame, 1)).toEqual(['2.5']);
  const unmarked = frameOf([2.5], [true], {});
  expect(withEstimates(unmarked)).toBe(unmarked);
});

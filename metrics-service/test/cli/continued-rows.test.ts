import { expect, it } from '@jest/globals';
import { ContinuedRows, OtherColumns } from '../../src/cli/query/continued.js';

const take = (rows: ContinuedRows, text: string): string => rows.take(Buffer.from(text)).toString();

it('puts the parts of an export together, however they are cut', () => {
  const rows = new ContinuedRows();
  rows.begin();
  expect(take(rows, 'Run,Error,cursor\r\nr1,"a\r\n,b",one\r\nr2,lo')).toBe('Run,Error\r\nr1,"a\r\n,b"\r\n');
  expect([rows.cursor, rows.rows]).toEqual(['one', 1]);
  rows.begin();
  expect(take(rows, 'Run,Error,cur')).toBe('');
  expect(take(rows, 'sor\r\nr2,lost,two\r\n')).toBe('r2,lost\r\n');
  expect(rows.cursor).toBe('two');
});

it('takes no part with other columns', () => {
  const rows = new ContinuedRows();
  rows.begin();
  take(rows, 'Run,cursor\r\nr1,one\r\n');
  rows.begin();
  expect(() => take(rows, 'Run,candidates,cursor\r\nr2,4,two\r\n')).toThrow(OtherColumns);
});

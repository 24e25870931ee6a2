import type { Rule } from './rules.js';

/** One number of a query of a rule, with the labels of its group. */
export interface Value {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The groups for which a rule's condition holds, as Grafana's server evaluates math: values meet by their labels, and a group
 * that one of them lacks is not evaluated. It knows what our rules are made of: numbers, `/`, comparisons, `&&`.
 */
export function holdsFor({ data, condition }: Rule, asked: ReadonlyMap<string, readonly Value[]>): Value['labels'][] {
  const values = new Map(asked);
  for (const { refId, model } of data.filter(({ datasourceUid }) => datasourceUid === '__expr__')) {
    values.set(refId, evaluated(model.expression!, values));
  }
  return values
    .get(condition)!
    .filter(({ value }) => value !== 0)
    .map(({ labels }) => labels);
}

function evaluated(expression: string, values: ReadonlyMap<string, readonly Value[]>): Value[] {
  const names = [...new Set([...expression.matchAll(/\$(\w+)/g)].map(([, name]) => name!))];
  const [first, ...others] = names.map((name) => values.get(name)!);
  return first!.flatMap(({ labels, value }) => {
    const met = others.map((list) => list.find((one) => JSON.stringify(one.labels) === JSON.stringify(labels))?.value);
    if (met.includes(undefined)) return [];
    const known = new Map(names.map((name, index) => [name, [value, ...met][index]!]));
    const parts = expression.split('&&').map((part) => valueOf(part, known));
    return [{ labels, value: parts.length === 1 ? parts[0]! : Number(parts.every((part) => part !== 0)) }];
  });
}

const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '/': (left, right) => left / right,
  '>': (left, right) => Number(left > right),
  '<': (left, right) => Number(left < right),
  '>=': (left, right) => Number(left >= right),
  '==': (left, right) => Number(left === right),
};

function valueOf(part: string, known: ReadonlyMap<string, number>): number {
  const [left, operator, right] = part.trim().split(' ');
  const operand = (word: string): number => (word.startsWith('$') ? known.get(word.slice(1))! : Number(word));
  return OPERATIONS[operator!]!(operand(left!), operand(right!));
}

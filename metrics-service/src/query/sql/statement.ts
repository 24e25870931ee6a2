/** A common table expression of a statement. */
export interface TableExpression {
  readonly name: string;
  readonly sql: string;
  readonly materialized?: boolean;
}

/** A select with the table expressions that it reads: kept apart, so that others can be put before them. */
export interface Select {
  readonly with: readonly TableExpression[];
  readonly body: string;
}

/** One statement, whole: `$1` is always the organization, every value is bound, and the tables that it reads are known. */
export interface Statement extends Select {
  readonly values: readonly unknown[];
  readonly tables: ReadonlySet<string>;
}

/**
 * A statement being written: it collects the values and the tables. Every table is taken through `table`; of a name
 * that was not, PostgreSQL knows nothing where a viewer sees a part only (row-scope.ts).
 */
export class Draft {
  readonly #values: unknown[];
  readonly #tables = new Set<string>();

  constructor(readonly orgId: string) {
    this.#values = [orgId];
  }

  /** The table's name, noted as one that the statement reads. */
  readonly table = (name: string): string => {
    this.#tables.add(name);
    return name;
  };

  /** A value's placeholder, cast to its type. */
  bind(value: unknown, type: string): string {
    this.#values.push(value);
    return `$${this.#values.length}::${type}`;
  }

  /** An instant in epoch milliseconds. */
  instant(ms: number): string {
    return this.bind(new Date(ms).toISOString(), 'timestamptz');
  }

  instants(ms: readonly number[]): string {
    return this.bind(
      ms.map((instant) => new Date(instant).toISOString()),
      'timestamptz[]',
    );
  }

  /** The statement, once all of it is written. */
  statement(select: Select | string): Statement {
    const parts = typeof select === 'string' ? { with: [], body: select } : select;
    return { ...parts, values: this.#values, tables: this.#tables };
  }
}

/** The text of a select. */
export function textOf({ with: expressions, body }: Select): string {
  if (expressions.length === 0) return body;
  const texts = expressions.map(({ name, sql, materialized }) => {
    const how = materialized === undefined ? '' : materialized ? 'materialized ' : 'not materialized ';
    return `${name} as ${how}(\n${sql.replace(/^/gm, '  ')}\n)`;
  });
  return `with ${texts.join(', ')}\n${body}`;
}

/** `where`, `from` …: a clause with its items, or nothing where there are none. */
export function clause(keyword: string, items: readonly string[], separator: string): string {
  return items.length === 0 ? '' : `${keyword} ${items.join(separator)}`;
}

/** The clauses that are there, a line each. */
export function lines(...clauses: readonly (string | readonly string[])[]): string {
  return clauses
    .flat()
    .filter((text) => text !== '')
    .join('\n');
}

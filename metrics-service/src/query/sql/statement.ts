/** A common table expression of a statement. */
export interface TableExpression {
  readonly name: string;
  readonly sql: string;
  readonly materialized?: boolean;
}

/** A select and its table expressions, kept apart so that others can be put before them. */
export interface Select {
  readonly with: readonly TableExpression[];
  readonly body: string;
}

/** One complete statement: `$1` is always the organization, every value is bound, and its tables are known. */
export interface Statement extends Select {
  readonly values: readonly unknown[];
  readonly tables: ReadonlySet<string>;
  /** its best plan does not depend on the values */
  readonly plannedOnce?: boolean | undefined;
}

/**
 * A statement under construction: it collects values and tables. Every table is taken through `table`; any other does
 * not exist for PostgreSQL when a restricted viewer asks (row-scope.ts).
 */
export class Draft {
  readonly #values: unknown[];
  readonly #tables = new Set<string>();

  constructor(readonly orgId: string) {
    this.#values = [orgId];
  }

  /** The table's name; records that the statement reads it. */
  readonly table = (name: string): string => {
    this.#tables.add(name);
    return name;
  };

  /** A placeholder for the value, cast to its type. */
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

  /** The finished statement. */
  statement(select: Select | string, { plannedOnce }: Pick<Statement, 'plannedOnce'> = {}): Statement {
    const parts = typeof select === 'string' ? { with: [], body: select } : select;
    return { ...parts, values: this.#values, tables: this.#tables, plannedOnce };
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

/** A clause (`where`, `from` …) with its items, or nothing if there are none. */
export function clause(keyword: string, items: readonly string[], separator: string): string {
  return items.length === 0 ? '' : `${keyword} ${items.join(separator)}`;
}

/** The clauses that are present, one per line. */
export function lines(...clauses: readonly (string | readonly string[])[]): string {
  return clauses
    .flat()
    .filter((text) => text !== '')
    .join('\n');
}

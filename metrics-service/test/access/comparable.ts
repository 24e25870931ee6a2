import type { TestService } from '../support/service.js';

/** An answer of the service. */
export type Answer = Awaited<ReturnType<TestService['request']>>;

/** What is said of the scope, or of a range without anything: of whom it speaks depends on the scope. */
export const OF_SCOPE =
  /^(only your|your part:|you see nothing|sources are shown|nothing is recorded in this|no budget |no [a-z ]+ in this range[:.])/;
/** Who may see nothing is told so, and not why else there is nothing. */
export const REASON = new RegExp(
  `${OF_SCOPE.source}|^((session|work item) "|no (run in this range is about )?work item "|no session is chosen|the filter on|no .+ in this range passes)`,
);
const NOTE_LINE = /^# .+\r\n/;

/** What data_quality says of the whole organization: data-quality.test.ts has who may see it. */
const OF_WHOLE = ['possible_aliases', 'silent_sources', 'tokens_ending'];

function withoutWhole(body: Answer['body']): Answer['body'] {
  const [frame] = body.results?.A?.frames ?? [];
  if (frame?.schema.fields[0]?.name !== 'check') return body;
  const [checks, , counts] = frame.data.values as unknown[][];
  // nothing found tells nothing: who sees nothing has no row at all
  const values = frame.data.values.map((column: unknown[]) =>
    column.filter((_value, row) => !OF_WHOLE.includes(checks![row] as string) && counts![row] !== 0),
  );
  return { results: { A: { ...body.results.A, frames: [{ ...frame, data: { values } }] } } };
}

/** An answer without what has to differ: the statements, the scope, the request's id, and the notice of the scope. */
export function plain({ status, headers, body }: Answer, without: RegExp): string {
  const tool = body.result?.content?.[0]?.text as string | undefined;
  const told = withoutWhole(tool?.startsWith('{') ? { ...body, result: JSON.parse(tool) } : body);
  const disposition = headers.get('content-disposition');
  const file = typeof told === 'string' ? told.replace(NOTE_LINE, '') : told;
  return JSON.stringify({ status, disposition, told: file }, (name, value) => {
    if (['executedQueryString', 'sql', 'scope', 'requestId'].includes(name)) return undefined;
    if (name !== 'notices') return value as unknown;
    const notices = (value as (string | { text: string })[]).filter(
      (notice) => !without.test(typeof notice === 'string' ? notice : notice.text),
    );
    return notices.length > 0 ? notices : undefined;
  });
}

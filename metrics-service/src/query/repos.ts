import { repositoryName } from '../contract/repository.js';
import { isStorable } from '../contract/values.js';
import type { QuestionContext } from './context.js';
import type { Filter } from './filters.js';
import { Draft, lines } from './sql/statement.js';

/** Filters on `repo`, with old names and addresses replaced by current names. */
export async function withRepoNames(context: QuestionContext, filters: readonly Filter[]): Promise<readonly Filter[]> {
  const ofRepos = filters.filter(({ dimension }) => dimension.name === 'repo');
  const given = ofRepos.flatMap(({ values }) => values.map(repositoryName)).filter(isStorable);
  if (given.length === 0) return filters;
  const draft = new Draft(context.orgId);
  const sql = lines(
    'select rn.repo, rn.name',
    `from ${draft.table('repo_aliases')} rn`,
    'where rn.org_id = $1',
    `  and rn.repo = any(${draft.bind(given, 'text[]')})`,
  );
  const rows = (await context.ask(draft.statement(sql))) as { repo: string; name: string }[];
  const present = new Map(rows.map(({ repo, name }) => [repo, name]));
  const nameOf = (value: string): string => present.get(repositoryName(value)) ?? repositoryName(value);
  return filters.map((filter) =>
    ofRepos.includes(filter) ? { ...filter, values: [...new Set(filter.values.map(nameOf))] } : filter,
  );
}

import { repositoryName } from '../contract/repository.js';
import type { Database, Transaction } from '../db/database.js';
import { Failure } from '../failure.js';
import { writeAuditEntry } from './audit.js';

/** An old name of a repository and the name it is shown and found under. */
export interface RepoAlias {
  repo: string;
  name: string;
}

/** The organization's aliases, by the old name. */
export async function listRepoAliases(database: Database, orgId: string): Promise<RepoAlias[]> {
  return database.inOrganization(orgId, readAliases, { readOnly: true });
}

async function readAliases(tx: Transaction): Promise<RepoAlias[]> {
  const { rows } = await tx.query<{ repo: string; name: string }>(
    `
    select repo, name
    from repo_aliases
    where org_id = $1
    order by repo`,
    [tx.orgId],
  );
  return rows;
}

/**
 * Makes a repository count as another one from now on, including its past data; its own aliases follow it. Nothing else
 * is written: queries look here. Returns the resulting names.
 * @throws Failure if both are one already, or the new one is an alias of the old
 */
export async function addRepoAlias(
  database: Database,
  orgId: string,
  { old, name, actor }: { old: string; name: string; actor: string },
): Promise<RepoAlias> {
  const repo = repositoryName(old);
  const given = repositoryName(name);
  return database.inOrganization(orgId, async (tx) => {
    const aliases = new Map((await readAliases(tx)).map((alias) => [alias.repo, alias.name]));
    const target = aliases.get(given) ?? given;
    if (target === repo) {
      throw new Failure(
        repo === given
          ? `${old} and ${name} are both ${repo} already`
          : `${given} is an alias of ${repo}: take that back first`,
      );
    }
    const moved = [repo, ...[...aliases].filter(([, of]) => of === repo).map(([alias]) => alias)];
    await tx.query(
      `
      insert into repo_aliases (org_id, repo, name)
      select $1, repo, $3
      from unnest($2::text[]) as moved (repo)
      on conflict (org_id, repo) do update set name = excluded.name`,
      [orgId, moved, target],
    );
    writeAuditEntry(tx, { actor, action: 'repository renamed', details: { repo, name: target } });
    return { repo, name: target };
  });
}

/** Removes an alias; returns its target, or null if there was none. */
export async function removeRepoAlias(
  database: Database,
  orgId: string,
  { old, actor }: { old: string; actor: string },
): Promise<RepoAlias | null> {
  return database.inOrganization(orgId, async (tx) => {
    const { rows } = await tx.query<{ repo: string; name: string }>(
      `
      delete from repo_aliases
      where org_id = $1
        and repo = $2
      returning repo, name`,
      [orgId, repositoryName(old)],
    );
    const [removed] = rows;
    if (removed)
      writeAuditEntry(tx, { actor, action: 'repository renamed', details: { repo: removed.repo, name: removed.repo } });
    return removed ?? null;
  });
}

import type { Transaction } from '../db/database.js';
import type { OrganizationSettings } from './organizations.js';
import { ORGANIZATION_SCOPE, type ViewerScope } from './viewer-scope.js';
import { isPictureForNobody, PICTURE, vouchesForEmail, type Viewer } from './viewer.js';

/** A viewer who is one of the organization's users. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: string | null;
  readonly team: string | null;
}

/** What a viewer sees, and which user of the organization they are; null: none, or not a single person. */
export interface ResolvedViewer {
  readonly scope: ViewerScope;
  readonly person: Person | null;
}

export type Visibilities = Pick<OrganizationSettings, 'memberVisibility' | 'alertVisibility' | 'publicVisibility'>;

/** Numbers that anybody can see are about at least this many people. */
const MINIMUM_GROUP_SIZE = 5;

/** What the viewer sees of the organization of `tx` (design section 8); without a viewer, everything. */
export async function resolveViewer(
  tx: Transaction,
  viewer: Viewer | null,
  settings: Visibilities,
): Promise<ResolvedViewer> {
  if (viewer === null) return { scope: ORGANIZATION_SCOPE, person: null };
  if (viewer.kind === 'user') return resolveUser(tx, viewer, settings);
  if (isPictureForNobody(viewer)) return { scope: pictureScope(settings), person: null };
  return { scope: impersonalScope(viewer.kind, settings), person: null };
}

/** What everybody may see; null: nothing. */
export function scopeOfEverybody(settings: Visibilities): ViewerScope | null {
  const scope = impersonalScope('public', settings);
  return scope.kind === 'totals' ? scope : null;
}

/** Who is nobody here sees what everybody may see, and of single people and sessions nothing. */
function scopeOfNobody(why: string, settings: Visibilities): ViewerScope {
  const scope = scopeOfEverybody(settings);
  if (scope?.kind !== 'totals') return nothing(why);
  const said = `you see what everybody may see, numbers over many people: ${why}`;
  const otherwise = {
    kind: 'nothing',
    said: `this is not shown to you, who see numbers over many people only: ${why}`,
  } as const;
  return { ...scope, who: 'people whom this organization does not know', said, otherwise };
}

/** A picture in an alert's message shows what a public board shows, and says so. */
function pictureScope(settings: Visibilities): ViewerScope {
  const said = 'a picture in the message of an alert is made for nobody, so it shows what public boards show';
  const scope = impersonalScope('public', settings);
  if (scope.kind === 'totals') return { ...scope, who: 'pictures in messages of alerts', said };
  return nothing(`${said}, nothing here: an administrator can change it with --public-visibility`);
}

function impersonalScope(kind: Exclude<Viewer['kind'], 'user'>, settings: Visibilities): ViewerScope {
  switch (kind) {
    case 'alert':
    case 'service-account': {
      const who = kind === 'alert' ? 'alert rules' : 'service accounts';
      if (settings.alertVisibility === 'organization') return ORGANIZATION_SCOPE;
      if (settings.alertVisibility === 'totals') return { kind: 'totals', who, minimumGroupSize: 0 };
      return nothing(`${who} see nothing here: an administrator can change it with --alert-visibility`);
    }
    case 'anonymous':
    case 'public': {
      const who = kind === 'public' ? 'public boards' : 'anonymous viewers';
      if (settings.publicVisibility === 'totals') return { kind: 'totals', who, minimumGroupSize: MINIMUM_GROUP_SIZE };
      return nothing(`${who} see nothing here: an administrator can change it with --public-visibility`);
    }
    case 'unknown':
      return nothing('who asks is not known: the data source should say what kind of viewer it is');
  }
}

async function resolveUser(tx: Transaction, viewer: Viewer, settings: Visibilities): Promise<ResolvedViewer> {
  const { memberVisibility } = settings;
  const found = await findPerson(tx, viewer);
  const person = typeof found === 'string' ? null : found;
  if (viewer.isGrafanaAdmin || person?.role === 'admin' || person?.role === 'manager') {
    return { scope: ORGANIZATION_SCOPE, person };
  }
  if (typeof found === 'string') return { scope: scopeOfNobody(found, settings), person: null };
  if (memberVisibility === 'organization') return { scope: ORGANIZATION_SCOPE, person };
  if (memberVisibility === 'self' || found.team === null) {
    const said = 'only your own sessions and runs are shown';
    return { scope: { kind: 'self', userIds: await idsOf(tx, [found.id]), said }, person };
  }
  const userIds = await usersOfTeam(tx, found.team);
  return {
    scope: { kind: 'team', userIds, said: `only your team's sessions and runs are shown (${found.team})` },
    person,
  };
}

function nothing(said: string): ViewerScope {
  return { kind: 'nothing', said: `you see nothing: ${said}` };
}

/** The only user with the viewer's e-mail, or why there is none. */
async function findPerson(tx: Transaction, viewer: Viewer): Promise<Person | string> {
  if (viewer.email === '') return 'your Grafana account has no e-mail, by which you would be known here';
  if (viewer.signIn === PICTURE) {
    return 'Grafana has just made a picture of a panel for you, and for ten minutes does not say how you signed in: reload then';
  }
  if (!vouchesForEmail(viewer)) {
    return (
      'your sign-in to Grafana does not vouch for your e-mail. Sign in through OAuth, SAML, LDAP, JWT or an auth proxy, ' +
      'or ask an administrator to trust e-mails in the settings of the data source'
    );
  }
  const { rows } = await tx.query<Person & { by_directory: boolean }>(WITH_EMAIL, [tx.orgId, viewer.email]);
  // who only sends events can make users, but take nobody's place whom the directory knows
  const known = rows.filter(({ by_directory }) => by_directory);
  const [person, other] = known.length > 0 ? known : rows;
  if (!person)
    return 'no user of this organization has your e-mail. Ask an administrator to add you (runboard user import)';
  if (other)
    return 'several users of this organization have your e-mail. Ask an administrator to give it to one of them';
  const { id, name, role, team } = person;
  return { id, name, role, team };
}

/**
 * Whose $2 is, under any of their ids, with the attributes of the person: those of whom the directory said it, and those
 * whose id it is; stamps of rank 1 have four members. What others said is their e-mail is shown, but nobody is found by it.
 */
const WITH_EMAIL = `
    select
      found.id,
      coalesce(u.name, u.email, found.id) as name,
      u.role,
      u.team,
      found.by_directory
    from (
      select coalesce(pe.person_id, said.user_id) as id, bool_or(said.by_directory) as by_directory
      from (
        select user_id, true as by_directory
        from users
        where org_id = $1
          and directory_email = folded_email($2::text)
        union all
        select user_id, jsonb_path_exists(stamps, 'strict $[*] ? (@.size() == 4)')
        from users
        where org_id = $1
          and folded_id = folded_email($2::text)
          and $2::text ~ '.@.'
        union all
        select user_id, true
        from persons
        where org_id = $1
          and folded_id = folded_email($2::text)
          and $2::text ~ '.@.'
      ) said
      left join persons pe
        on pe.org_id = $1
        and pe.user_id = said.user_id
      group by 1
    ) found
    left join users u
      on u.org_id = $1
      and u.user_id = found.id
    order by found.by_directory desc
    limit 2`;

/** The ids of the current members of a team, including every id of each person. */
async function usersOfTeam(tx: Transaction, team: string): Promise<string[]> {
  const { rows } = await tx.query<{ user_id: string }>(
    `
    select u.user_id
    from users u
    left join persons pe
      on pe.org_id = $1
      and pe.user_id = u.user_id
    where u.org_id = $1
      and u.team = $2
      and pe.person_id is null`,
    [tx.orgId, team],
  );
  return idsOf(
    tx,
    rows.map(({ user_id }) => user_id),
  );
}

/** All ids of these persons. */
async function idsOf(tx: Transaction, personIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ user_id: string }>(
    `
    select user_id
    from persons
    where org_id = $1
      and person_id = any($2::text[])
    order by user_id`,
    [tx.orgId, personIds],
  );
  return [...personIds, ...rows.map(({ user_id }) => user_id)];
}

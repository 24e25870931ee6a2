/** The people, teams and repositories of the demo organization. Every name is invented, and should look invented. */

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'admin' | 'manager' | 'member';
  readonly team: string;
  /** the day of the demo on which they start: team after team, and within a team one after the other */
  readonly firstDay: number;
  /** how much they use agents, compared with the others of their team */
  readonly eagerness: number;
}

/** The teams in the order in which they start, with the number of people. */
const TEAMS = [
  ['unicorn', 9],
  ['griffin', 8],
  ['kraken', 8],
  ['yeti', 8],
  ['phoenix', 7],
  ['mermaid', 7],
  ['dodo', 7],
  ['jackalope', 6],
] as const;

/** The team whose people hand sessions over to their own machines far more often than others. */
export const HANDOFF_TEAM = 'kraken';
/** The team with a model of its own, which no price list has. */
export const OWN_MODEL_TEAM = 'yeti';

const DAYS_BETWEEN_TEAMS = 12;
const DAYS_BETWEEN_PEOPLE = 3;

const FIRST_NAMES = [
  ...['Ada', 'Bo', 'Cleo', 'Dex', 'Elfi', 'Finn', 'Gus', 'Hedy', 'Ivo', 'Juno'],
  ...['Kit', 'Lux', 'Moss', 'Nell', 'Otto', 'Pip', 'Quill', 'Rux', 'Sol', 'Tove'],
];
const LAST_NAMES = ['Sample', 'Placeholder', 'Mockingham', 'Testwell', 'Dummyfield', 'Fixture', 'Stubbs'];

export const PEOPLE: readonly Person[] = TEAMS.flatMap(([team, size], teamIndex) =>
  Array.from({ length: size }, (_, index): Pick<Person, 'role' | 'team' | 'firstDay' | 'eagerness'> => ({
    role: index > 0 ? 'member' : teamIndex === 0 ? 'admin' : 'manager',
    team,
    firstDay: teamIndex * DAYS_BETWEEN_TEAMS + index * DAYS_BETWEEN_PEOPLE,
    eagerness: 0.4 + ((index * 5 + teamIndex * 3) % 8) / 4,
  })),
).map((person, index) => {
  const [first, last] = [FIRST_NAMES[index % FIRST_NAMES.length]!, LAST_NAMES[index % LAST_NAMES.length]!];
  const email = `${first}.${last}@demo.example`.toLowerCase();
  return { id: `demo-user-${index + 1}`, name: `${first} ${last}`, email, ...person };
});

/** Each team works on the two or three that follow its own place in this list. */
const REPOSITORIES = [
  ...['nowhere/web-shop', 'nowhere/api', 'nowhere/billing', 'nowhere/mobile-app', 'nowhere/search', 'nowhere/design'],
  ...['nowhere/data-lake', 'nowhere/infra', 'nowhere/login', 'nowhere/mailer', 'nowhere/docs', 'nowhere/time-machine'],
];

export function repositoriesOf(team: string): string[] {
  const place = TEAMS.findIndex(([name]) => name === team);
  return [0, 1, 5].map((step) => REPOSITORIES[(place + step) % REPOSITORIES.length]!);
}

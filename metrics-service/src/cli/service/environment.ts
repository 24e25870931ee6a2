import { BadUsage } from '../../failure.js';

/** What a follower needs of the environment of the shell that installs it. */
const KEPT = [
  ...['RUNBOARD_DATA_DIR', 'DATABASE_URL', 'DATABASE_OWNER_URL', 'PORT'].flatMap((name) => [name, `${name}_FILE`]),
  ...['CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'NODE_EXTRA_CA_CERTS', 'PATH'],
];

/** The members of `environment` that a follower is given, and its token. */
export function keptOf(
  environment: Readonly<Record<string, string | undefined>>,
  token: string | undefined,
): Record<string, string> {
  const kept = KEPT.flatMap((name): [string, string][] => (environment[name] ? [[name, environment[name]]] : []));
  return Object.fromEntries([...kept, ...(token === undefined ? [] : [['RUNBOARD_TOKEN', token] as const])]);
}

/** As systemd (man systemd.exec, EnvironmentFile) and a shell read it alike. @throws BadUsage for a line break */
export function environmentText(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => {
    if (/[\n\r\0]/.test(value)) throw new BadUsage(`${name} has a line break: it cannot be given to a service`);
    return `${name}="${value.replaceAll(/["\\$`]/g, (character) => `\\${character}`)}"\n`;
  });
  return `# written by runboard import --install; holds secrets\n${lines.join('')}`;
}

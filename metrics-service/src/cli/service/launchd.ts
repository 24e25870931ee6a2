import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLinesOf, whyNot, type Manager } from './manager.js';
import type { Place } from './place.js';

const labelOf = (format: string): string => `runboard.import.${format}`;
const logOf = ({ home }: Place, format: string): string =>
  join(home, 'Library', 'Logs', `runboard-import-${format}.log`);
const domainOf = ({ uid }: Place): string => `gui/${uid}`;

/** Reads the environment from its file, which launchd cannot, and becomes the command. */
const WITH_ENVIRONMENT = 'set -a; . "$1"; set +a; shift; exec "$@"';

/** An agent of launchd (man launchd.plist); it starts again what ends, at most every ten seconds. */
export const launchd: Manager = {
  name: 'launchd',
  file: ({ home }, format) => join(home, 'Library', 'LaunchAgents', `${labelOf(format)}.plist`),
  text: (place, { format, command, environmentFile }) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${labelOf(format)}</string>
  <key>ProgramArguments</key>
  <array>
${['/bin/sh', '-c', WITH_ENVIRONMENT, 'runboard', environmentFile, ...command].map(item).join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>ProcessType</key>
  <string>Background</string>
  <key>StandardErrorPath</key>
  <string>${escaped(logOf(place, format))}</string>
</dict>
</plist>
`,
  start: (place, format) => [
    { command: ['launchctl', 'bootout', `${domainOf(place)}/${labelOf(format)}`], mayFail: true },
    // until the one before has ended
    { command: ['launchctl', 'bootstrap', domainOf(place), launchd.file(place, format)], tries: 5 },
  ],
  stop: (place, format) => [
    { command: ['launchctl', 'bootout', `${domainOf(place)}/${labelOf(format)}`], mayFail: true },
  ],
  async status(place, format, run) {
    const command = ['launchctl', 'print', `${domainOf(place)}/${labelOf(format)}`];
    const said = await run(command);
    if (said === null) return { isRunning: null, since: null, state: whyNot(command, said), lastLines: [] };
    const valueOf = (name: string) => new RegExp(`^\\s*${name} = (.*)$`, 'm').exec(said.stdout)?.[1];
    const [state, pid, code] = [valueOf('state'), valueOf('pid'), valueOf('last exit code')];
    const started = pid ? await run(['ps', '-o', 'lstart=', '-p', pid]) : null;
    return {
      isRunning: said.code === 0 && state === 'running',
      since: started?.stdout.trim() || null,
      state: said.code !== 0 ? 'not loaded' : `${state ?? 'unknown'}${code ? `, last exit code ${code}` : ''}`,
      lastLines: lastLinesOf(await readFile(logOf(place, format), 'utf8').catch(() => '')),
    };
  },
  hint: () => Promise.resolve(null),
};

function item(argument: string): string {
  return `    <string>${escaped(argument)}</string>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

import { join } from 'node:path';
import { lastLinesOf, whyNot, type Manager } from './manager.js';
import { configFolder } from './place.js';

const unitOf = (format: string): string => `runboard-import-${format}.service`;
const SYSTEMCTL = ['systemctl', '--user'];

/** A user unit of systemd (man systemd.service, systemd.exec). */
export const systemd: Manager = {
  name: 'systemd',
  file: (place, format) => join(configFolder(place), 'systemd', 'user', unitOf(format)),
  text: (_place, { format, command, environmentFile }) => `[Unit]
Description=Runboard: sends what ${format} writes
# it is started again however often it ends
StartLimitIntervalSec=0

[Service]
EnvironmentFile=${environmentFile.replaceAll('%', '%%')}
ExecStart=${command.map(quoted).join(' ')}
Restart=always
RestartSec=5
# from 5 seconds to 5 minutes (systemd 254 and newer; older ones stay with 5 seconds)
RestartSteps=8
RestartMaxDelaySec=300
TimeoutStopSec=30
Nice=10
# what was sent is of no interest, what went wrong is
StandardOutput=null
StandardError=journal

[Install]
WantedBy=default.target
`,
  start: (_place, format) => [
    { command: [...SYSTEMCTL, 'daemon-reload'] },
    { command: [...SYSTEMCTL, 'enable', unitOf(format)] },
    { command: [...SYSTEMCTL, 'restart', unitOf(format)] },
  ],
  stop: (_place, format) => [{ command: [...SYSTEMCTL, 'disable', '--now', unitOf(format)], mayFail: true }],
  async status(_place, format, run) {
    const command = [...SYSTEMCTL, 'show', unitOf(format), '--property', PROPERTIES.join(',')];
    const said = await run(command);
    if (said?.code !== 0) return { isRunning: null, since: null, state: whyNot(command, said), lastLines: [] };
    const found = Object.fromEntries(
      said.stdout.split('\n').map((line) => line.split(/=(.*)/s, 2) as [string, string]),
    );
    const { ActiveState = '', SubState = '', ActiveEnterTimestamp = '', Result = '', NRestarts = '0' } = found;
    const again = Number(NRestarts) > 0 ? `, started again ${NRestarts} times` : '';
    const result = Result === 'success' || Result === '' ? '' : `, ${Result}`;
    const journal = await run(['journalctl', '--user', '--unit', unitOf(format), '--lines', '20', '--output', 'cat']);
    return {
      isRunning: ActiveState === 'active',
      since: ActiveEnterTimestamp || null,
      state: `${ActiveState} (${SubState})${result}${again}`,
      lastLines: journal?.code === 0 ? lastLinesOf(journal.stdout) : [],
    };
  },
  async hint({ environment }, run) {
    const user = environment.USER ?? environment.LOGNAME;
    const said = await run(['loginctl', 'show-user', ...(user ? [user] : []), '--property', 'Linger']);
    if (said?.stdout.trim() !== 'Linger=no') return null;
    return 'it runs while you are logged in; to let it run always: loginctl enable-linger';
  },
};

const PROPERTIES = ['ActiveState', 'SubState', 'ActiveEnterTimestamp', 'Result', 'NRestarts'];

/** An argument of ExecStart: no specifier (%) and no variable ($) is replaced in it. */
function quoted(argument: string): string {
  const escaped = argument.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"${escaped.replaceAll('%', '%%').replaceAll('$', '$$$$').replaceAll('\n', '\\n')}"`;
}

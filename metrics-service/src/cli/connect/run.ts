import { BadUsage, Failure } from '../../failure.js';
import { serviceUrl } from '../context.js';
import { inOrg, word } from '../hint.js';
import { print, type Surroundings } from '../surroundings.js';
import type { Change, ToolFile } from './files.js';
import { copyOf } from './settings-file.js';
import { sendTestRecord } from './test-record.js';
import { dismiss, senderOf, tokenName, type Sender } from './token.js';
import type { Target, Tool } from './tools.js';

export interface Flags {
  org?: string;
  url?: string;
  token?: string;
  test: boolean;
  json?: boolean;
}

export interface ToolFlags extends Flags {
  write?: boolean;
  undo?: boolean;
  settings?: string;
  managed?: boolean;
}

type MakeTool = (target: Target) => Tool;

const MANAGED = [
  'macOS            /Library/Application Support/ClaudeCode/managed-settings.json',
  'Linux and WSL    /etc/claude-code/managed-settings.json',
  'Windows          C:\\Program Files\\ClaudeCode\\managed-settings.json',
];

/** Prints what to set, writes it, or takes it out again. @throws Failure; BadUsage */
export async function connectTool(surroundings: Surroundings, flags: ToolFlags, makeTool: MakeTool): Promise<void> {
  if (flags.undo) return undo(surroundings, flags, makeTool({ url: '', token: '' }));
  if (flags.write) return write(surroundings, flags, makeTool);
  const url = await urlOf(surroundings, flags);
  const { name } = makeTool({ url, token: '' });
  const sender = await senderOf(surroundings, flags, tokenName(name, surroundings));
  const said = await proved(surroundings, flags, url, sender);
  for (const { where, text } of makeTool({ url, token: sender.token }).printed) {
    const into = flags.managed ? ['put this into', ...MANAGED] : [`merge this into ${where}, or run this with --write`];
    surroundings.stderr.write(`${into.join('\n')}\n`);
    surroundings.stdout.write(`${text}\n`);
  }
  // on stderr: what is printed on stdout goes into files
  surroundings.stderr.write(`${said}\n`);
  if (flags.managed && isThisMachine(url))
    surroundings.stderr.write(`${url} is this machine alone: say where all machines reach the service with --url\n`);
}

/** The files are looked at first, and changed last: whatever fails, they are as they were, and no token stays. */
async function write(surroundings: Surroundings, flags: ToolFlags, makeTool: MakeTool): Promise<void> {
  const url = await urlOf(surroundings, flags);
  const { name, files: seen } = makeTool({ url, token: '' });
  const held = await each(seen, (file) => file.merge());
  const owner = tokenName(name, surroundings, seen[0]!.path);
  const sender = await senderOf(surroundings, flags, owner, held);
  const said = await proved(surroundings, flags, url, sender);
  const { files } = makeTool({ url, token: sender.token });
  const changes = await each(files, (file) => file.merge());
  await apply(changes).catch(async (error: unknown) => {
    await sender.discard();
    throw error;
  });
  const [{ path }] = files as readonly [ToolFile, ...ToolFile[]];
  const named = flags.settings === undefined ? '' : ` --settings ${word(path)}`;
  print(surroundings, flags.json, { settings: path, copy: copyOf(path), url }, [
    ...files.map(
      (file) => `wrote ${file.path} (as it was: ${copyOf(file.path)}; undo: runboard connect ${name}${named} --undo)`,
    ),
    ...(await dismiss(surroundings, owner, changes)),
    said,
    `sessions that begin now are told; runboard telemetry${inOrg(flags.org)} shows what comes in`,
  ]);
}

async function undo(surroundings: Surroundings, flags: ToolFlags, { name, files }: Tool): Promise<void> {
  const changes = await each(files, (file) => file.undo());
  await apply(changes);
  const [{ path }] = files as readonly [ToolFile, ...ToolFile[]];
  const tokens = await dismiss(surroundings, tokenName(name, surroundings, path), changes);
  const paths = files.map((file) => file.path).join(' and ');
  print(surroundings, flags.json, { settings: path, tokens }, [
    `took what is for this service out of ${paths}`,
    ...tokens,
  ]);
}

/** Prints what goes into no file of ours. @throws Failure; BadUsage */
export async function connectBy(
  surroundings: Surroundings,
  what: string,
  flags: Flags,
  textOf: (target: Target) => string,
): Promise<void> {
  const url = await urlOf(surroundings, flags);
  const sender = await senderOf(surroundings, flags, tokenName(what, surroundings));
  const said = await proved(surroundings, flags, url, sender);
  const { token } = sender;
  const text = textOf({ url, token });
  print(surroundings, flags.json, { url, token, text }, [text]);
  surroundings.stderr.write(`${said}\n`);
}

async function urlOf(surroundings: Surroundings, flags: Flags): Promise<string> {
  const url = (flags.url ?? (await serviceUrl(surroundings))).replace(/\/+$/, '');
  if (!/^https?:\/\/[^\s"']+$/.test(url) || !URL.canParse(url))
    throw new BadUsage('--url must begin with http:// or https://');
  return url;
}

/** That a record gets through, in words. @throws Failure it does not; a token that was made is deleted */
async function proved(surroundings: Surroundings, flags: ToolFlags, url: string, sender: Sender): Promise<string> {
  if (!flags.test) return `no test record was sent to ${url}`;
  try {
    await sendTestRecord(surroundings, { ...sender, url, org: flags.org });
  } catch (error) {
    await sender.discard();
    if (!(error instanceof Failure)) throw error;
    const what = flags.write ? 'nothing was written' : 'so nothing is printed';
    throw new Failure(`${error.message}; ${what} (--no-test: all the same)`, { cause: error });
  }
  return `a test record reached ${url} and was seen`;
}

function isThisMachine(url: string): boolean {
  return /^(localhost|127\..*|0\.0\.0\.0|\[::1?\])$/.test(new URL(url).hostname);
}

async function apply(changes: readonly Change[]): Promise<void> {
  for (const change of changes) await change.apply();
}

async function each<T, R>(all: readonly T[], make: (one: T) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (const one of all) made.push(await make(one));
  return made;
}

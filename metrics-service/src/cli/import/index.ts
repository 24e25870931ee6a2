import { Command } from 'commander';
import { importEventsCommand } from './events.js';
import { FORMATS } from './formats.js';
import type { ImportSurroundings } from './surroundings.js';
import { transcriptsCommand } from './transcripts.js';

/** `runboard import claude-code|codex [PATH…]` (transcripts.md), and events as they are. */
export function importCommand(surroundings: ImportSurroundings): Command {
  const command = new Command('import').description('send transcripts of coding agents, or events, to the service');
  for (const format of FORMATS) command.addCommand(transcriptsCommand(format, surroundings));
  command.addCommand(importEventsCommand(surroundings));
  return command;
}

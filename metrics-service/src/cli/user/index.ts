import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { userAliasCommand } from './alias.js';
import { userEraseCommand } from './erase.js';
import { userHintsCommand } from './hints.js';
import { userImportCommand } from './import.js';

/** `runboard user import | alias | hints | erase` */
export function userCommand(surroundings: Surroundings): Command {
  return new Command('user')
    .description('people: who they are, their ids, and erasing them')
    .addCommand(userImportCommand(surroundings))
    .addCommand(userAliasCommand(surroundings))
    .addCommand(userHintsCommand(surroundings))
    .addCommand(userEraseCommand(surroundings));
}

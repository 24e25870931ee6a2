import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { applyCommand } from './apply.js';
import { historyCommand, listCommand } from './list.js';
import { deleteCommand, setCommand } from './set.js';

/** `runboard budget set | list | history | delete | apply` */
export function budgetCommand(surroundings: Surroundings): Command {
  const command = new Command('budget').description('limits on what runs cost: set them, and see how they stand');
  for (const make of [setCommand, listCommand, historyCommand, deleteCommand, applyCommand]) {
    command.addCommand(make(surroundings));
  }
  return command;
}

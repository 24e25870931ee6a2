import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { badgeCommand, badgesCommand, revokeBadgeCommand } from './badges.js';
import { linkCommand } from './link.js';
import { listCommand } from './list.js';

/** `runboard work-item list | link | badge | badges | revoke-badge` */
export function workItemCommand(surroundings: Surroundings): Command {
  return new Command('work-item')
    .description('issues, tickets, tasks: what sessions are about')
    .addCommand(listCommand(surroundings))
    .addCommand(linkCommand(surroundings))
    .addCommand(badgeCommand(surroundings))
    .addCommand(badgesCommand(surroundings))
    .addCommand(revokeBadgeCommand(surroundings));
}

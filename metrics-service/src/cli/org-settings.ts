import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  ALERT_VISIBILITIES,
  MEMBER_VISIBILITIES,
  PUBLIC_VISIBILITIES,
  type OrganizationSettings,
} from '../access/organizations.js';
import { settleTime, stuckTime, timezone, wholeNumber } from './options.js';
import { workItemPattern } from './work-item/pattern.js';

/** Settings as options of the command line. */
export type SettingFlags = Partial<
  Omit<OrganizationSettings, 'postHandoffMs' | 'telemetrySettleMs' | 'stuckAfterMs'>
> & {
  postHandoffHours?: number;
  telemetrySettle?: number;
  stuckAfter?: number;
};

/** The options that set an organization's settings. */
export function withSettings(command: Command): Command {
  const visibility = (flag: string, what: string, choices: readonly string[]): Option =>
    new Option(flag, what).choices(choices);
  return command
    .option('--name <name>', 'what people call it (default: its id)', organizationName)
    .addOption(
      visibility('--member-visibility <who>', 'whose sessions a member sees (default: team)', MEMBER_VISIBILITIES),
    )
    .addOption(
      visibility(
        '--alert-visibility <what>',
        'what alert rules and service accounts see; totals: no single user or session (default: totals)',
        ALERT_VISIBILITIES,
      ),
    )
    .addOption(
      visibility(
        '--public-visibility <what>',
        'what public boards and anonymous viewers see; totals: also of five people or more (default: nothing)',
        PUBLIC_VISIBILITIES,
      ),
    )
    .option(
      '--post-handoff-hours <hours>',
      'how long a run after a handoff continues it (default: 24)',
      wholeNumber(1, 8_760),
    )
    .option(
      '--telemetry-settle <time>',
      'how long a session of telemetry is silent before its last run counts as ended, such as 45m (default: 2h)',
      settleTime,
    )
    .option(
      '--stuck-after <time>',
      'how long a run in flight is not heard of before it counts as stuck, such as 5m (default: 10m)',
      stuckTime,
    )
    .option('--store-text', 'keep the text of messages')
    .option('--store-paths', 'keep the paths of the files that agents touch (default: depth and extension)')
    .option(
      '--work-item-pattern <pattern>',
      'finds the work item in the branch of a session that nobody linked (RE2 syntax; first group, else all of the match); "" for none',
      workItemPattern,
    )
    .option('--timezone <zone>', 'for questions that name none (default: UTC)', timezone);
}

/** The settings that the flags name. */
export function settingsOf({
  postHandoffHours,
  telemetrySettle,
  stuckAfter,
  ...flags
}: SettingFlags): Partial<OrganizationSettings> {
  const postHandoffMs = postHandoffHours && postHandoffHours * 3_600_000;
  const settings = { ...flags, postHandoffMs, telemetrySettleMs: telemetrySettle, stuckAfterMs: stuckAfter };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function organizationName(text: string): string {
  if (/^[^\p{Cc}\p{Cs}]{1,200}$/u.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 200 characters without line breaks.');
}

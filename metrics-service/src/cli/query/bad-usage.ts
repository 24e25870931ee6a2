/** The command was called in a way that cannot be answered: exit code 2. The message says what would be right. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage';
}

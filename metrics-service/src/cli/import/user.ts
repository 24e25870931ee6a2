import { userInfo } from 'node:os';
import { nameOf } from '../../importers/names.js';
import { gitEmail } from '../git.js';

/** Whose transcripts these are, and who says so. */
export interface ImportedUser {
  readonly userId: string | null;
  readonly by: 'you' | 'git’s user.email' | 'the login name';
}

/** The user that is named, else the one that git or the system knows. */
export function importedUser(named?: string): ImportedUser {
  if (named !== undefined) return { userId: userIdOf(named), by: 'you' };
  const email = gitEmail();
  if (email !== null) return { userId: userIdOf(email), by: 'git’s user.email' };
  return { userId: userIdOf(userInfo().username), by: 'the login name' };
}

/** An e-mail is an id in lower case, however it was typed. */
function userIdOf(text: string): string | null {
  const name = nameOf(text.trim());
  return name !== null && /^[^\s@]+@[^\s@]+$/.test(name) ? name.toLowerCase() : name;
}

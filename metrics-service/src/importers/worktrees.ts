/** The checkout that a worktree belongs to: its folder, or where only that is known, the repository's name. */
export type Checkout = { folder: string } | { name: string };

const SLASH = String.raw`[/\\]`;
const PART = String.raw`[^/\\]+`;

/** Where tools put worktrees, and which part of the path is the checkout's folder or the repository's name. */
const PLACES: RegExp[] = [
  // Codex: ~/.codex/worktrees/<id>/<repository>
  new RegExp(`${SLASH}\\.codex${SLASH}worktrees${SLASH}${PART}${SLASH}(?<name>${PART})`),
  // Cursor: ~/.cursor/worktrees/<repository>/<name>; Claude's desktop app: ~/.claude-worktrees/<repository>/<name>
  new RegExp(`${SLASH}(?:\\.cursor${SLASH}worktrees|\\.claude-worktrees)${SLASH}(?<name>${PART})`),
  // Conductor: ~/conductor/workspaces/<repository>/<name>
  new RegExp(`${SLASH}conductor${SLASH}workspaces${SLASH}(?<name>${PART})${SLASH}${PART}`),
  // <checkout>/.claude/worktrees/<name> and those of other tools
  new RegExp(`^(?<folder>.*${PART})${SLASH}\\.[\\w-]+${SLASH}worktrees${SLASH}${PART}`),
  // <checkout>/.worktrees/<name>
  new RegExp(`^(?<folder>.*${PART})${SLASH}\\.worktrees${SLASH}${PART}`),
  // <checkout>.worktrees/<name>, <checkout>-worktrees/<name>
  new RegExp(`^(?<folder>.*${PART})[.-]worktrees${SLASH}${PART}`),
];

/** What a folder's path tells of the checkout that it is a worktree of, on any system; null: nothing. */
export function checkoutOf(folder: string): Checkout | null {
  for (const place of PLACES) {
    const { name, folder: checkout } = place.exec(folder)?.groups ?? {};
    if (name !== undefined) return { name };
    if (checkout !== undefined) return { folder: checkout };
  }
  return null;
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repoFinder, repoName } from '../../src/cli/git.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'repositories-')));
const git = (folder: string, ...args: string[]): void => {
  const who = ['-c', 'user.name=dev', '-c', 'user.email=dev@example.com'];
  execFileSync('git', ['-C', folder, ...who, ...args], { stdio: 'ignore' });
};

/** A checkout with a commit. */
function checkout(name: string, remote?: string): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'packages', 'api'), { recursive: true });
  git(folder, 'init');
  git(folder, 'commit', '--allow-empty', '-m', 'first');
  if (remote) git(folder, 'remote', 'add', 'origin', remote);
  return folder;
}

beforeAll(() => {
  const shop = checkout('code/shop', 'git@git.example.com:acme/shop.git');
  const plain = checkout('code/plain');
  for (const folder of [shop, plain]) git(folder, 'worktree', 'add', `${folder}-elsewhere`);
});
afterAll(() => rmSync(root, { recursive: true }));

describe('the name of a repository', () => {
  it.each([
    ['https://user:secret@git.example.com/acme/shop.git', 'acme/shop'],
    ['git@git.example.com:acme/shop.git', 'acme/shop'],
    ['ssh://git@git.example.com:2222/acme/tools/shop', 'acme/tools/shop'],
    ['git.example.com:acme/shop/', 'acme/shop'],
    ['work:acme/shop.git', 'acme/shop'],
    ['/srv/git/shop.git', 'shop'],
    ['https://git.example.com/', null],
  ])('%s', (remote, name) => expect(repoName(remote)).toBe(name));

  it.each<[string, string | null]>([
    ['/no/such/folder/shop/', 'shop'],
    ['C:\\code\\shop', 'shop'],
    ['/', null],
    ['/gone/shop/.claude/worktrees/brave-otter', 'shop'],
    ['/gone/shop/.claude/worktrees/brave-otter/packages/api', 'shop'],
    ['/gone/shop/.gemini/worktrees/x', 'shop'],
    ['C:\\Users\\ann\\shop\\.claude\\worktrees\\brave-otter\\src', 'shop'],
    ['\\\\wsl$\\Ubuntu\\home\\ann\\shop\\.claude\\worktrees\\x', 'shop'],
    ['/home/ann/.codex/worktrees/9f3c/shop', 'shop'],
    ['/home/ann/.codex/worktrees/9f3c/shop/packages/api', 'shop'],
    ['C:\\Users\\ann\\.codex\\worktrees\\9f3c\\shop', 'shop'],
    ['/Users/ann/.cursor/worktrees/shop/Q1x', 'shop'],
    ['/Users/ann/.claude-worktrees/shop/calm-fox', 'shop'],
    ['/Users/ann/conductor/workspaces/shop/lisbon', 'shop'],
    ['/gone/shop/.worktrees/x/src', 'shop'],
    ['/gone/shop.worktrees/x', 'shop'],
    ['/gone/shop-worktrees/x', 'shop'],
    ['/gone/worktrees/x', 'x'],
    ['/gone/shop/.claude/worktrees', 'worktrees'],
  ])('a folder that is not here: %s', (folder, name) => expect(repoFinder()(folder)).toBe(name));

  it('comes from the address that a transcript names, before all else', () => {
    expect(repoFinder()('/gone/wt', 'https://git.example.com/acme/shop.git')).toBe('acme/shop');
    expect(repoFinder()(null, 'git@git.example.com:acme/shop.git')).toBe('acme/shop');
    expect(repoFinder()('/gone/shop', 'https://git.example.com/')).toBe('shop');
    expect(repoFinder()(null)).toBeNull();
  });

  it.each<[string, string]>([
    ['code/shop', 'acme/shop'],
    ['code/shop/packages/api', 'acme/shop'],
    ['code/shop-elsewhere', 'acme/shop'],
    ['code/shop/packages/removed/src', 'acme/shop'],
    ['code/shop/.claude/worktrees/removed', 'acme/shop'],
    ['code/shop.worktrees/removed/src', 'acme/shop'],
    ['code/plain', 'plain'],
    ['code/plain/packages/api', 'plain'],
    ['code/plain-elsewhere', 'plain'],
    ['code/plain/removed', 'plain'],
    ['code/removed', 'removed'],
  ])('a folder of a machine that has the checkout: %s', (folder, name) => {
    expect(repoFinder()(join(root, folder))).toBe(name);
  });

  it('a home folder that git keeps is not the repository of what was removed from it', () => {
    const home = checkout('home', 'git@git.example.com:ann/dotfiles.git');
    expect(repoFinder(home)(join(home, 'removed'))).toBe('removed');
    expect(repoFinder(home)(join(home, 'packages', 'removed'))).toBe('removed');
  });
});

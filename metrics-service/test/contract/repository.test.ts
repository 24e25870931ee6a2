import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { repositoryName } from '../../src/contract/repository.js';

describe('the name of a repository', () => {
  it.each([
    'git@github.com:acme/shop.git',
    'git@GitHub.com:acme/shop',
    'ssh://git@github.com/acme/shop.git',
    'ssh://git@ssh.github.com:443/acme/shop.git',
    'git+ssh://git@github.com:22/acme/shop/',
    'https://github.com/acme/shop',
    'HTTPS://GITHUB.COM/acme/shop.git',
    'https://user:secret@github.com:443/acme/shop.git/',
    'https://github.com/acme/shop/tree/main?tab=readme#top',
    'git://git.example.com/acme/shop.git',
    'github.com/acme/shop.git',
    'GitHub.com/acme/shop/',
    'git.example.com:acme/shop.git',
    'https://gitlab.example.com:8443/acme/shop/-/merge_requests/7',
    'https://bitbucket.example.com/scm/acme/shop.git',
    'ssh://git@bitbucket.example.com:7999/acme/shop.git',
    'acme/shop',
    'acme/shop.git',
    'acme/shop/',
  ])('%s is acme/shop', (written) => expect(repositoryName(written)).toBe('acme/shop'));

  it.each([
    ['https://dev.azure.com/org/My%20Project/_git/shop', 'org/My Project/shop'],
    ['git@ssh.dev.azure.com:v3/org/My%20Project/shop', 'org/My Project/shop'],
    ['https://gitlab.com/group/sub/shop.git', 'group/sub/shop'],
    ['https://github.com/Acme/Shop', 'Acme/Shop'],
    ['file:///srv/git/shop.git', 'shop'],
    ['https://git.example.com/%zz/shop', '%zz/shop'],
  ])('%s is %s', (written, name) => expect(repositoryName(written)).toBe(name));

  it.each([
    'web',
    'Web',
    '.git',
    'a.git/b',
    'team:web',
    'acme.web:main',
    'https://git.example.com/%00',
    'C:\\code\\shop',
    'my.app/web',
    'https://github.com',
    'https://github.com/',
    'ssh://',
    '://x',
    '',
    '  ',
    'a b:c',
    `https://github.com/${'x'.repeat(100)}`.slice(0, 19),
  ])('%j stays', (written) => expect(repositoryName(written)).toBe(written));

  it('is its own name, and fits wherever the text did', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,12}$/);
    const written = fc.oneof(
      fc.tuple(part, part).map(([owner, name]) => `git@github.com:${owner}/${name}.git`),
      fc.tuple(part, part).map(([owner, name]) => `https://git.example.com/${owner}/${name}`),
      fc.string(),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
    );
    fc.assert(
      fc.property(written, (text) => {
        const name = repositoryName(text);
        expect([...name].length).toBeLessThanOrEqual(Math.max([...text].length, 0));
        expect(name === '').toBe(text === '');
      }),
    );
    fc.assert(
      fc.property(part, part, (owner, name) => {
        const one = `${owner}/${name}`;
        expect(new Set([one, `git@h.example:${one}.git`, `https://H.example/${one}`].map(repositoryName))).toEqual(
          new Set([one]),
        );
      }),
    );
  });
});

import { VIEWER_KINDS } from '../contract/access.js';

const text = { type: 'string' };

/** On whose behalf a request is made: believed from tokens with scope `delegate`, a 403 with others. */
export const VIEWER_HEADERS = [
  {
    name: 'X-Runboard-Viewer-Kind',
    description:
      `for whom this is asked, who then sees what they may: ${VIEWER_KINDS.join(', ')}; anything else sees nothing. ` +
      'Without it the token asks for itself, and sees the organization. Needs scope `delegate`.',
    schema: text,
    example: 'user',
  },
  { name: 'X-Runboard-Viewer-Login', description: 'their login in Grafana', schema: text, example: 'ada' },
  {
    name: 'X-Runboard-Viewer-Email',
    description: 'their e-mail, by which they are one of the users of the organization',
    schema: text,
    example: 'ada@example.com',
  },
  {
    name: 'X-Runboard-Viewer-Role',
    description: 'their role in the organization of Grafana; `Admin` sees everything',
    schema: text,
    example: 'Viewer',
  },
  {
    name: 'X-Runboard-Viewer-Auth',
    description:
      "how they signed in, `authenticatedBy` of Grafana's id token, or `trusted`: whether their e-mail is believed",
    schema: text,
    example: 'oauth_google',
  },
] as const;

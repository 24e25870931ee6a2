import { Router } from 'express';
import { readOrganization } from '../access/organizations.js';
import { resolveViewer } from '../access/resolve-viewer.js';
import { scopeNotices } from '../access/viewer-scope.js';
import type { Asker } from '../access/viewer.js';
import type { TokenIdentity } from '../access/tokens.js';
import { ApiError } from '../contract/problem.js';
import type { Me } from '../contract/answers.js';
import type { Database } from '../db/database.js';
import { VERSION } from '../version.js';
import { answerRequest } from '../query/index.js';
import { requireToken } from './authenticate.js';
import { saidOf, saidOfData } from './me-words.js';
import type { Services } from './services.js';

/** `GET /v1/me`: the token, the viewer it asks for, and what they see. */
export function meRoute(services: Services): Router {
  const router = Router();
  router.get('/v1/me', requireToken(services), async (request, response) => {
    const { token, asker } = response.locals;
    const me = await describe(services.pools.access, token, asker);
    const asksForData = request.query.data === 'true' && me.sees !== 'nothing';
    const data = asksForData ? ` ${saidOfData(await dataSeen(services, asker))}` : '';
    response.json({ ...me, says: me.says + data });
  });
  return router;
}

const DAYS_MS = 30 * 86_400_000;

/** How many runs they see, and how old the newest event is, in ms. */
async function dataSeen({ pools, clock }: Services, asker: Asker): Promise<{ runs: number; ageMs: number | null }> {
  const now = clock();
  const query = (metric: string) => ({ refId: metric, view: 'total', metrics: [metric] });
  const asked = { from: now - DAYS_MS, to: now, queries: [query('runs'), query('data_age')] };
  const { results } = await answerRequest(pools.questions, asker, asked, now);
  const [runs, ageMs] = asked.queries.map(({ refId }) => {
    const answer = results[refId];
    const value = answer?.status === 200 ? answer.frames[0]?.data.values[0]?.[0] : null;
    return typeof value === 'number' ? value : null;
  });
  return { runs: runs ?? 0, ageMs: ageMs ?? null };
}

async function describe(database: Database, token: TokenIdentity, { orgId, viewer }: Asker): Promise<Me> {
  const found = await database.inOrganization(
    orgId,
    async (tx) => {
      const organization = await readOrganization(tx);
      return organization && { organization, ...(await resolveViewer(tx, viewer, organization)) };
    },
    { readOnly: true },
  );
  if (!found) throw new ApiError('unauthorized', 'the organization of this token was deleted');
  const { organization, scope, person } = found;
  const canRead = token.scopes.includes('read');
  const reason = canRead ? (scopeNotices(scope)[0]?.text ?? null) : 'this token lacks the scope read';
  return {
    version: VERSION,
    organization: { id: orgId, name: organization.name, timezone: organization.timezone },
    // a viewer in Grafana has no token of this service, and need not know which one Grafana uses
    token: viewer && !viewer.isGrafanaAdmin ? null : { id: token.tokenId, name: token.name, scopes: token.scopes },
    viewer: viewer && { kind: viewer.kind, user: person },
    sees: canRead ? scope.kind : 'nothing',
    reason,
    says: `${saidOf(viewer, person)}: ${reason ?? 'all of the organization is seen'}.`,
  };
}

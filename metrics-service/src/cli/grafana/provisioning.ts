import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../surroundings.js';
import { PLUGIN_ID, type GrafanaFolder } from './settings.js';

const PROVISIONING = join(ROOT, 'provisioning');
const BOARDS = join(ROOT, 'dashboards');

/** What Grafana reads at its start: data sources, alert rules, and the boards. */
export async function prepareProvisioning(folder: GrafanaFolder, otherOrgId: string | null): Promise<void> {
  await rm(folder.provisioning, { recursive: true, force: true });
  await cp(PROVISIONING, folder.provisioning, { recursive: true });
  if (otherOrgId !== null) {
    await writeFile(join(folder.provisioning, 'datasources/other.yaml'), otherDataSource(otherOrgId));
  }
  // Grafana reads every .json below a folder as a board, so the boards get a folder of their own
  await rm(folder.boards, { recursive: true, force: true });
  await mkdir(folder.boards, { recursive: true });
  const boards = (await readdir(BOARDS)).filter((file) => /^runboard-.*\.json$/.test(file));
  await Promise.all(boards.map((file) => copyFile(join(BOARDS, file), join(folder.boards, file))));
}

/** A second data source that can be chosen on the boards, so that the demo does not hide your own data. */
function otherDataSource(orgId: string): string {
  return `apiVersion: 1
# gone from Grafana when it is gone from here
prune: true
datasources:
  - name: Runboard (${orgId})
    uid: runboard-${uidOf(orgId)}
    type: ${PLUGIN_ID}
    access: proxy
    jsonData:
      url: \${RUNBOARD_URL}
    secureJsonData:
      token: \${RUNBOARD_OTHER_TOKEN}
`;
}

/** One for each organization: Grafana does not start where a uid that it knows has got another name. */
function uidOf(orgId: string): string {
  return createHash('sha256').update(orgId).digest('hex').slice(0, 12);
}

import { join } from 'node:path';

export const PLUGIN_ID = 'runboard-metrics-datasource';
export const DATA_SOURCE_UID = 'runboard';
export const FIRST_BOARD = 'runboard-overview';
export const ADMIN = 'admin';

/** The folder of this Grafana, and what is in it. */
export interface GrafanaFolder {
  path: string;
  /** settings of the user, in Grafana's format */
  ini: string;
  data: string;
  plugins: string;
  provisioning: string;
  boards: string;
  log: string;
}

export function grafanaFolder(dataDir: string): GrafanaFolder {
  const path = join(dataDir, 'grafana');
  return {
    path,
    ini: join(path, 'grafana.ini'),
    data: join(path, 'data'),
    plugins: join(path, 'plugins'),
    provisioning: join(path, 'provisioning'),
    boards: join(path, 'boards'),
    log: join(path, 'grafana.log'),
  };
}

export interface GrafanaSettings {
  folder: GrafanaFolder;
  port: number;
  adminPassword: string;
  /** the service's address */
  serviceUrl: string;
  token: string;
  /** for the data source of another organization */
  otherToken: string | null;
}

/**
 * The environment of the Grafana process: reachable from this machine only, no anonymous access, no requests to the
 * internet. GF_… variables of the shell are left out: they may be meant for another Grafana, and name its database.
 */
export function grafanaEnvironment(
  environment: Record<string, string | undefined>,
  { folder, port, adminPassword, serviceUrl, token, otherToken }: GrafanaSettings,
): Record<string, string> {
  const inherited = Object.entries(environment).filter(([name, value]) => value !== undefined && !/^GF_/.test(name));
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    GF_PATHS_DATA: folder.data,
    GF_PATHS_LOGS: folder.path,
    GF_PATHS_PLUGINS: folder.plugins,
    GF_PATHS_PROVISIONING: folder.provisioning,
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: join(folder.boards, `${FIRST_BOARD}.json`),
    GF_LOG_MODE: 'console',
    GF_SERVER_HTTP_ADDR: '127.0.0.1',
    GF_SERVER_HTTP_PORT: String(port),
    GF_SERVER_DOMAIN: '127.0.0.1',
    // one a tab; Grafana's own limit of 100 is few
    GF_LIVE_MAX_CONNECTIONS: '2000',
    GF_LIVE_ALLOWED_ORIGINS: `http://localhost:${port}`,
    GF_SECURITY_ADMIN_USER: ADMIN,
    GF_SECURITY_ADMIN_PASSWORD: adminPassword,
    GF_SECURITY_DISABLE_GRAVATAR: 'true',
    GF_AUTH_ANONYMOUS_ENABLED: 'false',
    GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: PLUGIN_ID,
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
    GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: 'false',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
    RUNBOARD_URL: serviceUrl,
    RUNBOARD_TOKEN: token,
    ...(otherToken !== null && { RUNBOARD_OTHER_TOKEN: otherToken }),
    RUNBOARD_DASHBOARDS: folder.boards,
  };
}

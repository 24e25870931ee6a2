# A Grafana with the plugin, the data source, the boards and the alert rules. Build it at the root of the repository:
#   docker build --file docker/grafana.Dockerfile --tag runboard-grafana .
ARG GRAFANA_VERSION=12.4.2
ARG NODE_VERSION=22.23.3
ARG GO_VERSION=1.26.8

FROM --platform=$BUILDPLATFORM node:${NODE_VERSION}-slim AS node

# on the processor of the machine that builds, for that of the one that runs it
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION} AS build
COPY --from=node /usr/local/ /usr/local/
WORKDIR /app
COPY package.json package-lock.json ./
COPY metrics-service/package.json metrics-service/
COPY dashboards/package.json dashboards/
COPY plugin/package.json plugin/
RUN npm ci --ignore-scripts
COPY plugin/go.mod plugin/go.sum plugin/
RUN cd plugin && go mod download
COPY tsconfig.json ./
# the plugin takes the types of questions and answers from the service's contract
COPY metrics-service metrics-service
COPY dashboards dashboards
COPY plugin plugin
ARG TARGETARCH
RUN node -e "import('./plugin/scripts/build.mjs').then(({ build }) => build([['linux', process.env.TARGETARCH]], ['-trimpath']))"

FROM grafana/grafana:${GRAFANA_VERSION}
# beside Grafana's own folders, where a volume would hide them
COPY --from=build /app/plugin/dist /usr/share/runboard/plugins/runboard-metrics-datasource
COPY dashboards/runboard-*.json /usr/share/runboard/boards/
COPY provisioning /usr/share/runboard/provisioning
ENV RUNBOARD_DASHBOARDS=/usr/share/runboard/boards \
  GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH=/usr/share/runboard/boards/runboard-overview.json \
  GF_LIVE_MAX_CONNECTIONS=2000 \
  GF_PATHS_PROVISIONING=/usr/share/runboard/provisioning \
  GF_PATHS_PLUGINS=/usr/share/runboard/plugins \
  GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS=runboard-metrics-datasource \
  GF_PLUGINS_PREINSTALL_DISABLED=true \
  GF_ANALYTICS_REPORTING_ENABLED=false
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --start-interval=1s \
  CMD wget -q -O /dev/null http://127.0.0.1:3000/api/health

# The service and its command line. Build it at the root of the repository:
#   docker build --file docker/service.Dockerfile --tag runboard .
ARG NODE_VERSION=22.23.3

FROM node:${NODE_VERSION}-alpine AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY metrics-service/package.json metrics-service/
COPY dashboards/package.json dashboards/
COPY plugin/package.json plugin/
# what it needs to run; without the embedded PostgreSQL, which is optional
RUN npm ci --workspace metrics-service --omit dev --omit optional --ignore-scripts

FROM packages AS build
RUN npm ci --workspace metrics-service --include-workspace-root --ignore-scripts
COPY tsconfig.json ./
COPY metrics-service metrics-service
RUN npm run build --workspace metrics-service

FROM node:${NODE_VERSION}-alpine
ENV NODE_ENV=production HOST=0.0.0.0 RUNBOARD_DATA_DIR=/var/lib/runboard NODE_OPTIONS=--max-semi-space-size=32
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY metrics-service/package.json metrics-service/
COPY metrics-service/bin metrics-service/bin
COPY metrics-service/migrations metrics-service/migrations
COPY --from=build /app/metrics-service/dist metrics-service/dist
COPY --chmod=755 docker/secrets.sh docker/bootstrap.sh docker/
RUN ln -s /app/metrics-service/bin/runboard.js /usr/local/bin/runboard \
  && install -d -o node -g node /var/lib/runboard
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s \
  CMD wget -q -O /dev/null "http://127.0.0.1:${PORT:-8080}/ready"
CMD ["runboard", "serve"]

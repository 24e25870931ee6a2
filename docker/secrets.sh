#!/bin/sh
# Random secrets, made at the first start and kept in volumes, each with those only who need it. A secret that is given
# as a file in /run/secrets is taken instead.
set -eu
umask 022

secret() { # file, name in /run/secrets
  if [ -s "/run/secrets/$2" ]; then
    tr -d '\n' < "/run/secrets/$2" > "$1"
  elif [ ! -s "$1" ]; then
    node -e 'process.stdout.write(require("node:crypto").randomBytes(24).toString("hex"))' > "$1.new"
    mv "$1.new" "$1"
  fi
}

secret /run/runboard/database/superuser-password database-superuser-password
secret /run/runboard/database/password database-password
secret /run/runboard/service/password database-service-password
secret /run/runboard/grafana/admin-password grafana-admin-password

node -e '
  const { readFileSync, writeFileSync } = require("node:fs");
  for (const [name, role] of [["database", "runboard"], ["service", "runboard_service"]]) {
    const folder = `/run/runboard/${name}`;
    const password = encodeURIComponent(readFileSync(`${folder}/password`, "utf8"));
    writeFileSync(`${folder}/url`, `postgres://${role}:${password}@postgres:5432/runboard`);
  }
'
# bootstrap.sh, which is not root, puts the token of the data source there
chown -R node /run/runboard/grafana

#!/bin/sh
# Before the service and Grafana start: the tables, the organization of the boards (RUNBOARD_ORG; demo comes with its
# invented data), and the token of the data source, which is kept as long as it is valid. May run any number of times.
set -eu

org=${RUNBOARD_ORG:-demo}
folder=${RUNBOARD_TOKEN_FOLDER:-/run/runboard/grafana}

runboard migrate
if [ "$org" = demo ]; then
  runboard demo
elif ! runboard org list | grep -q "^$org "; then
  runboard org create "$org"
fi

token=$folder/$org.token
id=$(cat "$token.id" 2> /dev/null || echo none)
if [ -s "$token" ] && runboard token list --org "$org" | grep -q "^$id "; then exit 0; fi
made=$(runboard token create --org "$org" --name grafana --scope read --scope delegate --json)
member() { node -p 'JSON.parse(process.argv[1])[process.argv[2]]' "$made" "$1"; }
member token > "$token"
member id > "$token.id"

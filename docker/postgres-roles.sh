#!/bin/sh
# At the first start of the database: its owner, who is no superuser, the role of the service, who owns nothing, and that of
# background jobs, who owns their queue.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --set password="$(cat /run/runboard/database/password)" \
  --set service_password="$(cat /run/runboard/service/password)" << 'SQL'
create role runboard login password :'password';
create role runboard_service login noinherit password :'service_password';
create role runboard_jobs;
grant runboard_service, runboard_jobs to runboard;
grant runboard_jobs to runboard_service;
grant set on parameter temp_file_limit to runboard_service;
create database runboard owner runboard encoding 'UTF8' template template0;
SQL

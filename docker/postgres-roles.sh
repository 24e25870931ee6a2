#!/bin/sh
# At the first start of the database: its owner, who is no superuser, and the role of the service, who owns nothing.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --set password="$(cat /run/runboard/database/password)" \
  --set service_password="$(cat /run/runboard/service/password)" << 'SQL'
create role runboard login password :'password';
create role runboard_service login password :'service_password';
grant runboard_service to runboard;
grant set on parameter temp_file_limit to runboard_service;
create database runboard owner runboard encoding 'UTF8' template template0;
SQL

#!/bin/sh
# At the first start of the database: its owner, who is no superuser, and the role of the service.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$(cat /run/runboard/database/password)" --username postgres << 'SQL'
create role runboard login password :'password';
create role runboard_service nologin;
grant runboard_service to runboard;
grant set on parameter temp_file_limit to runboard;
create database runboard owner runboard encoding 'UTF8' template template0;
SQL

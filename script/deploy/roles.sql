-- Two roles of the product, neither of them a superuser. kczg_owner owns the database and migrates it;
-- kczg_app may read and write rows and nothing else, so a fault in the web processes can't change a table.
-- Run once as a superuser: psql -v owner_password=.. -v app_password=.. -f roles.sql
\set ON_ERROR_STOP on

CREATE ROLE kczg_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
CREATE ROLE kczg_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';

CREATE DATABASE kczg OWNER kczg_owner ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE kczg FROM PUBLIC;
GRANT CONNECT ON DATABASE kczg TO kczg_app;

\connect kczg
ALTER SCHEMA public OWNER TO kczg_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kczg_app;
ALTER DEFAULT PRIVILEGES FOR ROLE kczg_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kczg_app;
ALTER DEFAULT PRIVILEGES FOR ROLE kczg_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO kczg_app;

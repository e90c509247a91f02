#!/usr/bin/env bash
# Run once by the database image when its volume is new: makes the roles and the database of the product.
set -euo pipefail
psql --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner_password="$DATABASE_OWNER_PASSWORD" --set app_password="$DATABASE_APP_PASSWORD" \
    --file /deploy/roles.sql

#!/usr/bin/env bash
# Where the system brings a PostgreSQL (15 or later), gate and ledger have to hold on it as well.
set -euo pipefail
folder=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "${folder:-}/initdb" ] || exit 0
[ "$(basename "$(dirname "$folder")")" -ge 15 ] || exit 0
rooms=()
for room in ledger gate; do [ -d "tests/$room" ] && rooms+=("tests/$room"); done
[ ${#rooms[@]} -eq 0 ] && exit 0
echo "Again on $("$folder/postgres" --version):"
exec "$1" -n 0 --postgres "$folder" "${rooms[@]}"

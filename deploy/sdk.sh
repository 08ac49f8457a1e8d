#!/usr/bin/env bash
# Fetch what retailers' websites send with, for the tests against it: by the lock, hash by hash, without running scripts.
# It lies in the virtual environment, so that nothing of it is ever part of the repository.
set -euo pipefail
source=$(cd "$(dirname "$0")/../tests/collect/sdk" && pwd)
target=$1/sdk
cmp -s "$source/package-lock.json" "$target/package-lock.json" && [ -f "$target/made" ] && exit 0
if ! command -v npm >/dev/null; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests of the websites' own libraries need Node.js with npm: apt-get install nodejs npm (as root)" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
fi
mkdir -p "$target"
rm -f "$target/made"
cp "$source/package.json" "$source/package-lock.json" "$target"
(cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
touch "$target/made"

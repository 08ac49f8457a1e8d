#!/usr/bin/env bash
# Fetch what retailers' websites and servers send with, for the tests against it: by locks, hash by hash, without running
# scripts. It lies in the virtual environment, so that nothing of it is ever part of the repository.
set -euo pipefail
source=$(cd "$(dirname "$0")/../tests/collect/sdk" && pwd)
target=$1/sdk
if ! cmp -s "$source/older.txt" "$target/older.txt"; then
  # Beside the current release in the virtual environment, whose other packages it shares.
  rm -rf "$target/older"
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
    --target "$target/older" -r "$source/older.txt"
  cp "$source/older.txt" "$target/older.txt"
fi
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

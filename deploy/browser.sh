#!/usr/bin/env bash
# See that the Debian packages the browser tests need are here: install them as root, or name what is missing.
set -euo pipefail
missing=()
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "The browser tests need Chromium and the Noto fonts; this system has no apt-get to install them." >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "The browser tests need: apt-get install ${missing[*]} (as root)" >&2
  exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null

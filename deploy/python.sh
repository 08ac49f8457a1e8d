#!/usr/bin/env bash
# Make the virtual environment, or say in one sentence what the machine lacks.
set -euo pipefail
python=$1 venv=$2

if ! command -v "$python" >/dev/null; then
  echo "Amana needs Python 3.11 or later; '$python' was not found (PYTHON=… names another)." >&2
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Amana needs Python 3.11 or later; '$python' is $("$python" -V). PYTHON=… names another." >&2
  exit 1
fi
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  "$python" -m venv "$venv"
elif "$python" -c 'import venv' 2>/dev/null && "$python" -m pip --version >/dev/null 2>&1; then
  # Debian keeps ensurepip in a package of its own: the pip that is here serves the new environment as well.
  "$python" -m venv --without-pip "$venv"
  "$python" -m pip --python "$venv/bin/python" install --quiet --disable-pip-version-check pip
else
  echo "This Python has neither ensurepip nor pip. On Debian: apt-get install python3-venv python3-pip" >&2
  exit 1
fi
touch "$venv/made"

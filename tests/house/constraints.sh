#!/usr/bin/env bash
# Resolves constraints.txt anew: versions and hashes of everything that is installed, and no addresses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3.11}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pip-tools
"$work/venv/bin/pip-compile" --quiet --upgrade --generate-hashes --allow-unsafe --extra dev --strip-extras \
  --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
  -o "$work/constraints.txt" pyproject.toml
{
  echo "# What CI and 'make setup' install: the newest versions that the tests passed with, on Python 3.11."
  echo "# Made by 'make constraints'; don't edit by hand."
  cat "$work/constraints.txt"
} >constraints.txt

#!/usr/bin/env bash
# Writes requirements.lock and its kin of -dev, -node and -pip anew: the newest versions that fit
# together, for every Python from 3.11 and every machine, with each file's hash and no index address.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3}" -m venv "$tools"
"$tools/bin/python" -m pip --disable-pip-version-check install --quiet uv

for name in requirements requirements-dev requirements-node requirements-pip; do
    printf 'Locking %s.in\n' "$name"
    # The others keep to the versions of the first, so that the service is tested as it is run.
    constraint=()
    [ "$name" = requirements ] || constraint=(--constraint requirements.lock)
    "$tools/bin/uv" pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links "${constraint[@]}" --output-file "$name.lock" "$name.in"
done

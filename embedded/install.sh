#!/usr/bin/env bash
# Brings a Debian or Ubuntu machine with Python 3.11+, git and make to where the project runs:
# the engines' Debian packages where they are missing, .venv from a lock file with hashes, and the built widget.
#   embedded/install.sh run   what `make demo` needs
#   embedded/install.sh dev   what the checks and tests need besides
# A second call finds everything in place and takes no time.
set -euo pipefail

mode=${1:?run or dev}
cd "$(dirname "$0")/.."
mkdir -p .local
exec 9>.local/install.lock
flock 9 # two starts at the same moment take turns

say() { printf '%s\n' "$*"; }
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed; set PYTHON to where it is."
}

have_postgis() {
    local control
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        local version=${control#/usr/share/postgresql/}
        [ -x "/usr/lib/postgresql/${version%%/*}/bin/postgres" ] && return
    done
    return 1
}

# As embedded/jars.py names them.
have_jars() { [ -d ".local/opensearch-jars/$(sha256sum embedded/opensearch/pom.xml | cut -c1-16)" ]; }

have_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

# PostgreSQL's package comes in a version per release: 15 on Debian 12, 14 and 16 on Ubuntu 22.04 and 24.04.
postgis_package() {
    local newest
    newest=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | cut -d' ' -f1 | sort -t- -k2 -n | tail -1)
    say "${newest:-postgresql-15-postgis-3}"
}

missing_packages() {
    have_venv || say "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    [ -n "${DATABASE_URL:-}" ] || have_postgis || say postgis
    [ -n "${OPENSEARCH_URL:-}" ] || have_jars || command -v mvn >/dev/null || say maven
    [ "$mode" != dev ] || [ ! -d tests/browser ] || command -v chromium >/dev/null || say chromium
}

install_packages() {
    local packages=("$@") as_root=()
    local otherwise="or run it with Docker instead: docker compose up (docs/install.md)."
    command -v apt-get >/dev/null || fail "missing: ${packages[*]}. Install them your system's way, $otherwise"
    if [ "$(id -u)" != 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            packages=("${packages[@]/#postgis/$(postgis_package)}")
            fail "Debian packages are missing, and this user may not install them. Run
    sudo apt-get update && sudo apt-get install --no-install-recommends ${packages[*]}
and start again, $otherwise"
        fi
        as_root=(sudo -n)
    fi
    "${as_root[@]}" apt-get update -qq
    packages=("${packages[@]/#postgis/$(postgis_package)}")
    say "Installing Debian packages: ${packages[*]}"
    # The machine-wide cluster that the package would make and start is not ours to have.
    local no_cluster=/etc/postgresql-common/createcluster.d/provider-directory.conf
    "${as_root[@]}" mkdir -p "${no_cluster%/*}"
    say 'create_main_cluster = false' | "${as_root[@]}" tee "$no_cluster" >/dev/null
    local status=0
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${packages[@]}" >.local/apt.log 2>&1 || status=$?
    "${as_root[@]}" rm -f "$no_cluster"
    [ "$status" = 0 ] || fail "apt-get install ${packages[*]} failed:
$(tail -5 .local/apt.log)"
}

install_venv() {
    local lock=requirements.lock
    [ "$mode" = run ] || lock=requirements-dev.lock
    local wanted
    wanted=$(cat requirements.lock requirements-dev.lock pyproject.toml <(pwd) | sha256sum | cut -d' ' -f1)
    # What the checks need includes what the service needs.
    local stamp
    for stamp in .venv/installed-dev ".venv/installed-$mode"; do
        if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
            return
        fi
    done
    say "Making .venv from $lock"
    .venv/bin/python -c 'import pip' 2>/dev/null || "$python" -m venv --clear .venv
    local pip=(.venv/bin/python -m pip --disable-pip-version-check install) quiet=(--quiet)
    [ ! -t 1 ] || quiet=() # someone watches: show the progress
    "${pip[@]}" --quiet --no-deps --require-hashes -r requirements-pip.lock
    # Of what is installed a third is ever imported: Python compiles that when it is, in half of the time. The lock file
    # names all there is: nothing has to be looked up or fitted together.
    "${pip[@]}" "${quiet[@]}" --no-compile --no-deps --require-hashes -r "$lock"
    "${pip[@]}" --quiet --no-deps --no-build-isolation -e .
    say "$wanted" >".venv/installed-$mode"
}

# As widget/package.json says; Vite asks for it.
have_node() {
    command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

# Node.js of the machine, else the one that comes as a Python package, in .venv.
install_node() {
    PATH="$PWD/.venv/bin:$PATH"
    have_node && return
    say "Installing Node.js into .venv"
    .venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements-node.lock
    hash -r
    have_node || fail "Node.js 20.19 or 22.12 is needed for the widget; node --version says $(node --version 2>&1)."
}

# Built anew when a source of it changed.
build_widget() {
    [ -f widget/package.json ] || return 0
    local wanted locked
    wanted=$(find widget \( -name node_modules -o -name dist \) -prune -o -type f -print0 | LC_ALL=C sort -z |
        xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
    locked=$(sha256sum <widget/package-lock.json | cut -d' ' -f1)
    # What checks and tests the widget is more than half of it.
    local tools=() installed
    [ "$mode" = dev ] || tools=(--omit=dev)
    installed=$(cat widget/node_modules/.installed 2>/dev/null || true)
    if [ "$installed" != "$locked dev" ] && [ "$installed" != "$locked $mode" ]; then
        # What serves needs the built widget, what checks needs its tools too.
        [ "$mode" = run ] && [ "$(cat .local/widget 2>/dev/null)" = "$wanted" ] && [ -f widget/dist/manifest.json ] &&
            return
        install_node
        say "Installing what builds the widget"
        npm --prefix widget ci "${tools[@]}" --no-audit --no-progress --loglevel=error >.local/npm.log 2>&1 ||
            fail "npm ci failed: $(tail -5 .local/npm.log)"
        say "$locked $mode" >widget/node_modules/.installed
    fi
    [ "$(cat .local/widget 2>/dev/null)" != "$wanted" ] || [ ! -f widget/dist/manifest.json ] || return 0
    install_node
    say "Building the widget"
    # Its types are for those who change it: `make check` looks at them.
    npm --prefix widget run --silent bundle >.local/npm.log 2>&1 || fail "The widget was not built: $(tail -20 .local/npm.log)"
    say "$wanted" >.local/widget
}

# The OpenID provider that the tests sign in with.
install_login() {
    [ "$mode" = dev ] && [ -f tests/oidc/package.json ] || return 0
    local locked
    locked=$(sha256sum <tests/oidc/package-lock.json | cut -d' ' -f1)
    [ "$(cat tests/oidc/node_modules/.installed 2>/dev/null)" != "$locked" ] || return 0
    install_node
    say "Installing the OpenID provider of the tests"
    npm --prefix tests/oidc ci --no-progress --loglevel=error >.local/npm.log 2>&1 ||
        fail "npm ci failed: $(tail -5 .local/npm.log)"
    say "$locked" >tests/oidc/node_modules/.installed
}

python=$(find_python)
mapfile -t missing < <(missing_packages)
[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
# What needs no .venv is brought while it is made: the jars, and the widget where the machine has Node.js.
jars='' widget=''
if [ -z "${OPENSEARCH_URL:-}" ] && ! have_jars; then
    "$python" -m embedded.jars 9>&- &
    jars=$!
fi
if have_node; then
    build_widget 9>&- &
    widget=$!
fi
install_venv
if [ -n "$widget" ]; then wait "$widget"; else build_widget; fi
[ -z "$jars" ] || wait "$jars"
install_login

#!/bin/sh
# Makes this folder ready to run: Python, virtual environment, pinned packages, Pango (for PDFs) and the file .env.
# Quick when there is nothing to do. Says in one sentence what is missing; as root with apt, installs it.
#
#   deploy/setup.sh runtime     what the server and the demo need
#   deploy/setup.sh test        the test packages too
set -eu
cd "$(dirname "$0")/.."
block=$1
venv=.venv/bin/python

stop() {
    echo "ace_partners: $*" >&2
    exit 1
}

# apt_install PACKAGE…: fails, without a word, when we are not root or there is no apt.
apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    echo "Installing $* …"
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends "$@"; } >/dev/null
}

right_version() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if right_version "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

make_venv() {
    python=$(find_python) || stop "Python 3.11, 3.12 or 3.13 is needed and was not found" \
        "(sudo apt-get install python3 python3-venv, or brew install python@3.13, or PYTHON=/path/to/it)."
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv ||
        stop "Python's venv module is missing (sudo apt-get install python3-venv)."
    rm -rf .venv
    "$python" -m venv .venv || stop "the virtual environment .venv could not be made with $python."
}

# Compares the wanted list with the one last installed, so that a second run costs nothing.
install_packages() {
    wanted=.venv/wanted-$block.txt
    if [ "$block" = test ]; then
        cp requirements.txt "$wanted"
    else
        sed '/^# --- test/,$d' requirements.txt >"$wanted"
    fi
    cmp -s "$wanted" ".venv/installed-$block.txt" && return
    echo "Installing the pinned packages of requirements.txt ($block), once …"
    "$venv" -m pip install -qq --disable-pip-version-check -r "$wanted" ||
        stop "the packages of requirements.txt could not be installed (see above; is the network there?)."
    cp "$wanted" ".venv/installed-$block.txt"
}

# WeasyPrint only warns about a missing HarfBuzz subsetter; the tests would stop at that warning.
pango_found() {
    "$venv" -c 'import warnings; warnings.filterwarnings("error", "HarfBuzz"); import weasyprint' >/dev/null 2>&1
}

check_pango() {
    pango_found && return
    apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 || true
    pango_found || stop "Pango, which writes the PDFs, is missing" \
        "(sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0, or brew install pango)."
}

write_env_file() {
    [ -e .env ] && return
    secret=$("$venv" -c 'import secrets; print(secrets.token_urlsafe(50))')
    (
        umask 077
        printf '%s\n' "# Made by \`make demo\` for this machine only; see README.md, \"Deploy\"." \
            "DEBUG=true" "ACE_DEMO=true" "SECRET_KEY=$secret" >.env
    )
}

right_version "$venv" && "$venv" -m pip --version >/dev/null 2>&1 || make_venv
install_packages
# macOS: Homebrew's libraries are not where Python looks.
[ "$(uname)" = Darwin ] && export DYLD_FALLBACK_LIBRARY_PATH="${BREW_LIBRARIES:-/opt/homebrew/lib:/usr/local/lib}"
check_pango
[ "$block" = test ] || write_env_file

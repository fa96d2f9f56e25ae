#!/bin/sh
# Makes .venv-outside with a log verifier that needs a newer Python than the product (tests/outside), where
# there is such a Python. Without one nothing is made, and the tests use their other outside verifiers alone.
set -eu
cd "$(dirname "$0")/.."

LOCK=tests/outside/requirements-aics.lock
STAMP=.venv-outside/ready

if [ -f "$STAMP" ] && cmp -s "$LOCK" "$STAMP"; then
    exit 0
fi
PYENV=${PYENV_ROOT:-$HOME/.pyenv}
for python in python3.12 python3.13 python3.14 "$PYENV"/versions/3.1[234]*/bin/python; do
    if "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
        echo "Preparing .venv-outside with $("$python" --version) (once) …" >&2
        rm -rf .venv-outside
        "$python" -m venv .venv-outside
        .venv-outside/bin/python -m pip --disable-pip-version-check --quiet install \
            --require-hashes --only-binary :all: -r "$LOCK"
        cp "$LOCK" "$STAMP"
        exit 0
    fi
done
echo "No Python 3.12 or newer here: aics-tlog is left out, Go, openssl and pymerkle check the exports." >&2

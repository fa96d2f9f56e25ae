#!/bin/sh
# Makes .venv ready for the product, its demo and its tests. Run by make; safe to run again.
set -eu
cd "$(dirname "$0")/.."

PYTHON=${PYTHON:-python3}
STAMP=.venv/ready

missing() {
    echo "Missing: $1" >&2
    echo "As root: apt-get install -y $2" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $* from Debian …" >&2
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >&2
    else
        return 1
    fi
}

command -v "$PYTHON" >/dev/null || as_root python3 python3-venv || missing "Python 3.11" "python3 python3-venv"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "$("$PYTHON" --version) is too old: Ironroom needs Python 3.11 (set PYTHON=/path/to/python3.11)" >&2
    exit 1
}
"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || as_root python3-venv || missing "Python's venv module" python3-venv
wanted=
for tool in ${NEEDS:-}; do
    command=$tool
    case $tool in
        go) packages="golang-go golang-golang-x-mod-dev" found=/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog ;;
        softhsm2-util) packages=softhsm2 found=/usr/lib/softhsm/libsofthsm2.so ;;
        # libatomic: what drives the browser in the tests is linked with it.
        chromium) packages="chromium libatomic1" found=/usr/share/doc/libatomic1 ;;
        chromium-headless-shell) packages="chromium-headless-shell libatomic1" found=/usr/share/doc/libatomic1 ;;
        certutil) packages=libnss3-tools found=/ ;;
        pdftoppm) packages=poppler-utils found=/ ;;
        tesseract) packages=tesseract-ocr found=/ ;;
        fonts-noto-cjk) command=true packages=$tool found=/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ;;
        *) packages=$tool found=/ ;;
    esac
    { command -v "$command" >/dev/null && [ -e "$found" ]; } || wanted="$wanted $packages"
done
# shellcheck disable=SC2086 # several packages are several words
[ -z "$wanted" ] || as_root $wanted || missing "programs that the tests start" "${wanted# }"

if [ -f "$STAMP" ] && cmp -s requirements.lock "$STAMP" && [ ! pyproject.toml -nt "$STAMP" ]; then
    exit 0
fi
echo "Preparing .venv (once, about a minute) …" >&2
"$PYTHON" -m venv .venv
PIP=".venv/bin/python -m pip --disable-pip-version-check --quiet"
$PIP install --require-hashes --only-binary :all: -r build.lock
$PIP install --require-hashes --no-build-isolation -r requirements.lock
$PIP install --no-deps --no-build-isolation --no-index -e .
cp requirements.lock "$STAMP"

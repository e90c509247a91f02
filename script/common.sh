# Shared by the scripts here: system packages, the virtual environment, the message catalogues.
# Sourced, never run. Everything here is done only when something is missing or has changed.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly RUN_PACKAGES=(python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk libmagic1 gettext)
readonly TEST_PACKAGES=(postgresql redis-server chromium poppler-utils)

# A line in Chinese and the same in English, on standard error.
say() { printf '%s\n%s\n' "$1" "$2" >&2; }

# Whether one Debian package is here; python3-venv also counts as here when the module itself works.
has_package() {
    if [ "$1" = python3-venv ]; then python3 -c 'import ensurepip, venv' 2>/dev/null; return; fi
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Installs the named Debian packages that are missing, or says what a person must type, and stops.
need_packages() {
    command -v dpkg-query >/dev/null || return 0
    local missing=() name
    for name in "$@"; do has_package "$name" || missing+=("$name"); done
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
            as_root=(sudo)
        else
            say "缺少系统软件包，以管理员身份运行：" "System packages are missing. Run as an administrator:"
            say "    apt-get update && apt-get install -y ${missing[*]}" ""
            exit 1
        fi
    fi
    say "安装系统软件包：${missing[*]}" "Installing system packages: ${missing[*]}"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq)
    if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } >&2; then
        say "安装未成功，检查网络后运行：" "The installation failed. Check the network, then run:"
        say "    ${as_root[*]} apt-get update && ${as_root[*]} apt-get install -y ${missing[*]}" ""
        exit 1
    fi
}

# Makes .venv hold exactly what the lock files given name; the last one decides. A stamp of their
# contents, kept in .venv, lets the next start skip it.
need_python() {
    local lock stamp current
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        say "需要Python 3.11或更高版本" "Python 3.11 or later is needed"
        exit 1
    fi
    [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || python3 -m venv --clear .venv
    for lock in "$@"; do
        stamp=.venv/installed-$(echo "$lock" | tr / -)
        current=$(sha256sum <"$lock")
        [ "$(cat "$stamp" 2>/dev/null)" = "$current" ] && continue
        say "安装Python依赖：$lock" "Installing Python packages: $lock"
        if ! .venv/bin/pip install --quiet --no-input --disable-pip-version-check --require-hashes -r "$lock" >&2; then
            say "安装未成功，检查网络后再试" "The installation failed; check the network and try again"
            exit 1
        fi
        echo "$current" >"$stamp"
    done
}

# Compiles the message catalogues that are newer than their compiled form.
need_messages() {
    local po
    for po in kczg/locale/*/LC_MESSAGES/*.po; do
        if [ -f "$po" ] && [ ! "${po%.po}.mo" -nt "$po" ]; then msgfmt --check-format -o "${po%.po}.mo" "$po"; fi
    done
}

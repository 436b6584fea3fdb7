# A prefix over standin.sh, and states of it, for check-steps and check-broken.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced with $top, $build and $work.

# Everything is at the same place each time, for manifests name it.
run=$work/run
export WINEPREFIX=$run/prefix HOME=$run/home XDG_CONFIG_HOME=$run/config XDG_DATA_HOME=$run/data
export WINE=$work/bin/wine WINESERVER=$work/bin/wineserver STANDIN_DLLS=$run/dlls LC_ALL=C.UTF-8
unset WINEDLLPATH WINEDLLOVERRIDES SCARDSSP_DIR XDG_CURRENT_DESKTOP SSH_CONNECTION
mkdir "$work/bin"
cp "$top/tests/setup/standin.sh" "$WINE"
cp "$WINE" "$WINESERVER"

# state_save NAME, state_load NAME: all that is below $run
state_save()
{
    rm -rf "${work:?}/state.$1"
    cp -a "$run" "$work/state.$1"
}

state_load()
{
    rm -rf "${run:?}"
    cp -a "$work/state.$1" "$run"
}

# state_list DIR [all]: each file with its mode and contents; only with "all" what scardssp-setup
# keeps for itself; never what Wine's server was writing when it was killed
state_list()
{
    local without='-name *.reg.tmp -o'
    [ "${2:-}" = all ] || without="$without -name .scardssp-setup -prune -o"
    (
        set -f
        cd "$1" || exit
        # shellcheck disable=SC2086 # words
        find . $without \( -type d -printf '%p/\n' -o -printf '%p %m %l\n' \)
        # shellcheck disable=SC2086
        find . $without -type f -exec sha256sum {} +
    ) | LC_ALL=C sort
}

# state_is NAME [all]: whether this is that state
state_is()
{
    [ -f "$work/list.$1${2:-}" ] ||
        state_list "$work/state.$1" "${2:-}" > "$work/list.$1${2:-}"
    state_list "$run" "${2:-}" > "$work/list.now"
    diff "$work/list.$1${2:-}" "$work/list.now" > "$work/diff.$1"
}

# A prefix with somebody else's DLL in one width, Wine's own and a link in the other.
state_new()
{
    local windows=$WINEPREFIX/drive_c/windows
    rm -rf "${run:?}"
    mkdir -p "$windows/system32" "$windows/syswow64" "$WINEPREFIX/dosdevices" "$HOME" \
        "$STANDIN_DLLS/x86_64-windows" "$STANDIN_DLLS/x86_64-unix"
    ln -s / "$WINEPREFIX/dosdevices/z:"
    ln -s ../drive_c "$WINEPREFIX/dosdevices/c:"
    echo ntdll > "$STANDIN_DLLS/x86_64-windows/ntdll.dll"
    printf 'WINE REGISTRY Version 2\n#arch=win64\nclass before\n' > "$WINEPREFIX/system.reg"
    printf 'WINE REGISTRY Version 2\nuser\n' > "$WINEPREFIX/user.reg"
    echo kernel32 > "$windows/syswow64/kernel32.dll"
    echo "a native DLL" > "$windows/system32/scardssp.dll"
    chmod 640 "$windows/system32/scardssp.dll"
    echo "somewhere else" > "$WINEPREFIX/elsewhere.dll"
    ln -s ../../../elsewhere.dll "$windows/syswow64/scardssp.dll"
    {
        printf 'MZ%062dWine placeholder DLL' 0 | tr 0 '\000'
        head -c 400 /dev/zero
    } > "$windows/system32/winscard.dll"
}

# setup ARGS...
setup()
{
    "$build/scardssp-setup" "$@" > "$work/out" 2> "$work/err" < /dev/null
}

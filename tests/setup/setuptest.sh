# Prefixes, comparisons and checks for the tests of scardssp-setup.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced with $top, $build, $base and $work.

passed=0 failed=0 skipped=0
export WINEDEBUG=-all HOME=$work/home
unset WINEDLLPATH

check()
{
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        local place=${FUNCNAME[2]-main}
        echo "${0##*/}: ${place#scenario_}: failed: $2"
        sed 's/^/    /' "$work/out" "$work/err"
    fi
}

# ---- prefixes ----

# new_prefix NAME: a layer over the pristine prefix, current until end_prefix; what Wine does at its
# first start there is done.
new_prefix()
{
    local place=$work/prefixes/$1 lower=${started:+$started/upper:}$base
    : > "$work/out"
    : > "$work/err"
    mkdir -p "$place/upper" "$place/work" "$place/prefix" "$HOME"
    # overlay takes no odd names in its options, but directories by number.
    (cd "$place" && mount -t overlay overlay \
        -o "${overlay_options:-}lowerdir=$lower,upperdir=upper,workdir=work" prefix)
    export WINEPREFIX=$place/prefix
    layer=$place/upper windows=$WINEPREFIX/drive_c/windows config=$work/config
    export XDG_CONFIG_HOME=$config
    [ -z "${started:-}" ] || return 0
    wine 'C:\windows\system32\cmd.exe' /c exit > /dev/null 2>&1
    wine 'C:\windows\syswow64\cmd.exe' /c exit > /dev/null 2>&1
    wineserver -w
}

# start_once: later prefixes, those of child processes too, need no first start of their own.
start_once()
{
    new_prefix started
    umount "$WINEPREFIX"
    export started=${WINEPREFIX%/prefix}
    mount -t overlay overlay -o "${overlay_options:-}lowerdir=$started/upper:$base" \
        "$started/prefix"
}

end_prefix()
{
    wineserver -k > /dev/null 2>&1
    umount -l "$WINEPREFIX"
    rm -rf "$config"
}

# import: a registry script from stdin, without its heading
import()
{
    {
        printf '\377\376'
        { echo 'Windows Registry Editor Version 5.00'; cat; } | iconv -t UTF-16LE
    } | wine 'C:\windows\regedit.exe' - > /dev/null 2>&1
    wineserver -w
}

# ---- before and after ----

# list DIR: every file with type, mode, target or hash
list()
{
    (cd "$1" && find . ! -type d ! -name '*.reg' -print0) | describe "$1"
}

# describe DIR: the files that stdin names, each ending with a zero, as far as they are in DIR
describe()
{
    (
        cd "$1" || exit
        while IFS= read -r -d '' path; do
            if [ -L "$path" ]; then
                echo "$path is a link to $(readlink "$path")"
            elif [ -f "$path" ]; then
                echo "$path $(stat -c %a "$path") $(sha256sum < "$path")"
            elif [ -e "$path" ]; then
                echo "$path is a $(stat -c %F "$path")"
            fi
        done
    ) | LC_ALL=C sort
}

# What differs from the pristine prefix; a file that was written with the same contents does not.
files_now()
{
    local before=${started:+$started/prefix}
    list "$layer" | grep -v '^\./\.update-timestamp ' > "$work/layer"
    (cd "$layer" && find . ! -type d ! -name '*.reg' -print0) | describe "${before:-$base}" \
        > "$work/pristine"
    LC_ALL=C comm -23 "$work/layer" "$work/pristine"
}

# Keys and values, time stamps aside: those of keys, and what Wine's own start writes or not. Nor
# what its debugger writes; whether setup's programs end well, their exit statuses say.
registry_now()
{
    local file
    wineserver -w
    for file in system user userdef; do
        sed -e '/^#time=/d' -e '/^"\(DriverDate\(Data\)*\|OEMFONT.FON\|Codepages\)"=/d' \
            -e '/^\[Software\\\\Wine\\\\WineDbg\]/,/^$/d' \
            -e 's/^\(\[.*\]\) [0-9]*$/\1/' "$WINEPREFIX/$file.reg" > "$work/$file.$1"
    done
}

snapshot()
{
    registry_now "$1"
    files_now > "$work/files.$1"
}

compare_files()
{
    files_now | diff "$work/files.$1" - > "$work/diff"
    check $? "files differ: $(head -n 5 "$work/diff")"
}

compare()
{
    local file
    registry_now now
    for file in system user userdef; do
        diff "$work/$file.$1" "$work/$file.now" > "$work/diff"
        check $? "$file.reg differs: $(head -n 20 "$work/diff")"
    done
    compare_files "$1"
}

# exports NAME: both views as programs of each width see them
exports()
{
    local regedit try
    for regedit in regedit syswow64/regedit; do
        # Now and then Wine loses a program to a server that is just ending.
        for try in 1 2; do
            wine "C:\\windows\\${regedit//\//\\}.exe" /E - 'HKEY_LOCAL_MACHINE\Software' \
                2> "$work/err" | iconv -f UTF-16LE -t UTF-8 > "$work/export.${regedit//\//-}.$1"
            grep -q '^wine client error' "$work/err" || break
        done
        [ "$(wc -c < "$work/export.${regedit//\//-}.$1")" -gt 100000 ]
        check $? "$regedit exports nothing"
    done
    wineserver -w
}

# lost TEXT...: is nowhere in the registry; kept TEXT...: is in it
lost()
{
    local text
    wineserver -w
    for text; do
        ! grep -qiF -- "$text" "$WINEPREFIX/system.reg"
        check $? "there is still: $(grep -iF -m 5 -- "$text" "$WINEPREFIX/system.reg")"
    done
}

kept()
{
    local text
    wineserver -w
    for text; do
        grep -qF -- "${text//\\\\\\\\/\\\\}" "$WINEPREFIX/system.reg"
        check $? "$text is not in the registry"
    done
}

# ---- running ----

# setup CODE WHAT ARGS...: the exit status; failures give a reason.
setup()
{
    local wanted=$1 what=$2 code
    shift 2
    "$build/scardssp-setup" "$@" > "$work/out" 2> "$work/err" < /dev/null
    code=$?
    [ $code = "$wanted" ]
    check $? "$what: exit status $code, not $wanted"
    [ "$wanted" = 0 ] || [ "$wanted" = 3 ] ||
        grep -qE "FAILED|scardssp-setup:" "$work/out" "$work/err"
    check $? "$what: no reason given"
}

# has PATTERN...: lines of the output
has()
{
    local pattern
    for pattern; do
        grep -qe "$pattern" "$work/out"
        check $? "no \"$pattern\" in the output"
    done
}

json()
{
    if ! command -v python3 > /dev/null; then
        skipped=$((skipped + 1))
        [ $skipped != 1 ] || echo "${0##*/}: skipped: what is JSON cannot be read without python3"
        return
    fi
    python3 -c 'import json, sys
data = json.load(open(sys.argv[1], encoding="utf-8"))
sys.exit(0 if eval(sys.argv[2]) else 1)' "$work/out" "$1"
    check $? "JSON: not $1"
}

# in_session COMMAND...: with the environment that the next login has
in_session()
{
    (
        if [ -f "$config/environment.d/60-scardssp.conf" ]; then
            # $$ is how such a file writes a dollar.
            sed -n 's/^WINEDLLPATH="\${WINEDLLPATH:+\$WINEDLLPATH:}\(.*\)"$/\1/p' \
                "$config/environment.d/60-scardssp.conf" | sed -e 's/\$\$/$/g' -e 's/\\\(.\)/\1/g' \
                > "$work/session"
            WINEDLLPATH=${WINEDLLPATH:+$WINEDLLPATH:}$(cat "$work/session")
            export WINEDLLPATH
        fi
        "$@"
    )
}

scardtool()
{
    wine "$build/x86_64-windows/scardtool.exe" "$@"
}

# Programs of both widths read the readers through objects of ours.
com_works()
{
    local arch
    for arch in x86_64 i386; do
        wine "$build/$arch-windows/scardtool.exe" readers > "$work/com" 2>&1 &&
            grep -q "Virtual PCD 00 00" "$work/com" || return
    done
}

# ---- Wine's own directory ----

# wine_directory [LOADER]: its 64-bit half, as unix programs see it. With the old WoW64 `wine` is a
# 32-bit program.
wine_directory()
{
    "${1:-/usr/lib/wine/wine64}" cmd /c 'echo %WINEDLLDIR0%' 2> /dev/null | tr -d '\r' | tr '\\' / |
        sed 's|^/??/[A-Za-z]:||'
}

# wine_that PATTERN COMMAND: makes $work/wine, a Wine that runs the shell's COMMAND before what it
# is to run when that matches PATTERN; there $setup is scardssp-setup's process
wine_that()
{
    cat > "$work/wine" <<SH
#!/bin/sh
pid=\$\$ setup=
while [ "\$pid" -gt 1 ]; do
    ! grep -aq scardssp-setup "/proc/\$pid/cmdline" || setup=\$pid
    pid=\$(sed -n 's/^PPid:[^0-9]*//p' "/proc/\$pid/status")
done
case \$* in *$1*) $2 ;; esac
exec wine "\$@"
SH
    chmod +x "$work/wine"
}

# What is written into Wine's own directory is written for this run only.
own_wine()
{
    local dir other half
    dir=$(wine_directory)
    other=$(wine_directory wine)
    half=$(readlink -f "$dir/i386-windows")
    mount_over "$dir" "$dir"
    [ "$other" = "$dir" ] || mount_over "$other" "$other"
    # It may be a link out of there.
    [ ! -L "$dir/i386-windows" ] || mount_over "$half" "$half"
    own_wine_32 "$dir"
}

# own_wine_32 DIR: the rig may have Wine's 32-bit half in a directory of WINEDLLPATH; here it is in
# Wine's own one, DIR.
own_wine_32()
{
    [ -z "${wine_dlls:-}" ] || mount_over "$1/i386-windows" "$wine_dlls/i386-windows"
}

# mount_over DIR LOWER: LOWER appears at DIR, and changes to it are seen by this run only: they are
# in $over_layer
mount_over()
{
    local place
    place=$(mktemp -d "$work/over.XXXXXX")
    over_layer=$place/upper
    mkdir -p "$over_layer" "$place/work" "$1"
    # Never go on with the machine's own directory.
    mount -t overlay overlay \
        -o "${overlay_options:-}lowerdir=$2,upperdir=$over_layer,workdir=$place/work" "$1" ||
        exit 1
}

# ---- scenarios ----

# one SCENARIO: in this process
one()
{
    own_wine
    "scenario_$1"
    end_prefix
    echo "$passed passed, $failed failed, $skipped skipped"
    [ $failed = 0 ]
}

# several SCENARIO...: two at a time, for much of their time is waiting. Each sees its own mounts
# only, and prints its own closing line.
several()
{
    local scenario running=0 status=0
    start_once
    for scenario; do
        [ $running -lt 2 ] || { wait -n || status=1; running=$((running - 1)); }
        unshare --mount "$top/tests/setup/${0##*/}" "$scenario" > "$work/$scenario.log" 2>&1 &
        running=$((running + 1))
    done
    for (( ; running; running--)); do wait -n || status=1; done
    for scenario; do cat "$work/$scenario.log"; done
    return $status
}

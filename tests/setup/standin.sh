#!/bin/sh
# Stands in for Wine, for check-steps: answers what scardssp-setup asks, at once.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Called as wine or wineserver. Its registry is lines of text at the end of system.reg and user.reg,
# which it writes as Wine's server does: as a whole, or, where there is no room, not at all and
# without telling so. STANDIN_DLLS is Wine's directory of DLLs.
set -u

heading="WINE REGISTRY Version 2"
system=${WINEPREFIX:-}/system.reg user=${WINEPREFIX:-}/user.reg

# Neither Ctrl-C nor the end of who asked reaches the server in the middle of a change.
trap '' INT

# write FILE: the lines of stdin up to a dot, in one order whatever came first, behind the heading.
# Without the dot who wrote them was killed, and nothing is written.
write()
{
    lines=$(cat)
    case $lines in *.) ;; *) return ;; esac
    lines=$(printf '%s' "${lines%.}" | grep -vxF "$heading" | LC_ALL=C sort -u && echo .)
    case $lines in *.) ;; *) return ;; esac
    lines="$heading
$lines"
    { printf '%s' "${lines%.}" > "$1.tmp" && mv "$1.tmp" "$1" || rm -f "$1.tmp"; } 2> /dev/null
}

# regsvr32 [/u] DLL: that of a width has a class in its name
regsvr32()
{
    unregister=0
    [ "$1" != /u ] || { unregister=1; shift; }
    file=$WINEPREFIX/drive_c/$(printf '%s' "${1#?:\\}" | tr '\\' /)
    [ -f "$file" ] || exit 3
    class="class $(basename "$(dirname "$file")")"
    if [ $unregister = 1 ]; then
        { grep -vxF "$class" "$system"; echo .; } | write "$system"
    else
        { grep -vxF "$class" "$system"; printf '%s\n' "$class"; echo .; } | write "$system"
    fi
}

now()
{
    grep '^class ' "$system"
}

# set_of NAME: of the kept text in $kept
set_of()
{
    printf '%s\n' "$kept" | awk -v name="$1" '
        /^; / { inside = $2 == "set" && $3 == name; next }
        inside'
}

# put NAME < LINES
put()
{
    echo "; set $1"
    cat
}

# Whether the kept text has that set.
has()
{
    printf '%s\n' "$kept" | grep -q "^; set $1\$"
}

# What of now is not in the set: what was written since.
written()
{
    {
        set_of written
        ! has now || now | grep -vxF "$(set_of now; echo none)"
    } | sort -u
}

# The probe's sets of keys, see tools/probe/undo.c.
registry()
{
    kept=
    kept=$(cat)
    echo "; scardssp registry 1"
    case $1 in
    begin)
        if has before; then set_of before | put before; else now | put before; fi
        written | put written
        now | put now
        ;;
    record)
        ! has before || set_of before | put before
        if has now; then
            [ -z "$(now | grep -vxF "$(set_of now; echo none)")" ] || echo "; changed"
            [ -z "$(written)" ] || written | put written
        else
            ! has written || set_of written | put written
        fi
        ;;
    end)
        set_of before | put before
        written | put written
        if has unregistered; then set_of unregistered; else now; fi | put unregistered
        ;;
    restore)
        before=$(set_of before)
        { grep -v '^class ' "$system"; [ -z "$before" ] || echo "$before"; echo .; } |
            write "$system"
        set_of before | put before
        ! has written || set_of written | put written
        ;;
    esac
    echo "; end"
}

# The probe's overrides, see tools/probe/overrides.c: lines "override KEY NAME". All of a run are
# written at once, as the server writes when the last program has ended. No echo of a line: some
# shells' heed backslashes.
overrides()
{
    set= gone=
    while IFS='	' read -r kind key name was; do
        line="override $key $name"
        case $1,$kind in
        look,value)
            was=absent
            ! grep -qxF "$line" "$user" || was=1:00
            printf 'value\t%s\t%s\t%s\n' "$key" "$name" "$was"
            ;;
        set,value) set="$set$line
" ;;
        restore,value)
            [ "$was" != absent ] || gone="$gone$line
"
            printf 'restored\t%s\t%s\n' "$key" "$name"
            ;;
        esac
    done
    [ -z "$set$gone" ] ||
        { grep -vxF "${gone:-none}" "$user"; printf '%s' "$set"; echo .; } | write "$user"
    echo end
}

# The probe's service, see tools/probe/scardsvr.c: a line of system.reg.
service()
{
    case $1 in
    install) { grep -vx service "$system"; echo service; echo .; } | write "$system" ;;
    remove) { grep -vx service "$system"; echo .; } | write "$system" ;;
    esac
    if grep -qx service "$system"; then
        printf 'scardsvr=0x00000000\nscardsvr.path=C:\\windows\\system32\\scardsvr.exe\n'
        printf 'scardsvr.state=4\nscardsvr.start=2\n'
    else
        echo scardsvr=0x00000424
    fi
}

# What the probe of a width finds: the width is in the name of its directory.
facts()
{
    bits=$1 class=0x80040154
    dir=system32
    [ "$bits" = 64 ] || dir=syswow64
    ! grep -qx "class $dir" "$system" || class=0x00000000
    printf 'probe.bits=%s\ndll.load=0x00000000\nclass.CSCard=%s\ntypes=9\n' "$bits" "$class"
    printf 'version=0.1.0\ndll.query=yes\ntransport=unix\nunix.result=0x00000000\n'
    echo "unix.file=/lib/scardssp.so"
}

case ${0##*/},${1:-} in
wineserver,-k0) exit 1 ;;
wineserver,*) exit 0 ;;
*,--version) echo "wine-8.0" ;;
*cmd.exe)
    shift
    case $* in
    *works) echo works ;;
    *WINEDLLDIR0%)
        printf '%s\n' "\\??\\Z:$STANDIN_DLLS" | tr / '\\' | iconv -f UTF-8 -t UTF-16LE ;;
    *) echo "$3" ;;
    esac
    ;;
*regsvr32.exe) shift 2; regsvr32 "$@" ;;
*scardssp-probe.exe)
    case ${2:-} in
    --registry) registry "$3" ;;
    --overrides) overrides "$3" ;;
    --scardsvr) service "$3" ;;
    --forwarders) ;;
    *) case $1 in */as.64/*) facts 64 ;; *) facts 32 ;; esac ;;
    esac
    ;;
esac

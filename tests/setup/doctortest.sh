# Asking doctor, and checking what it answers: for doctor.sh.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced after lib.sh; uses $arch and $old.

# doctor WANTED [ARGS...]: WANTED is "PART:LINK ...", the links that it finds broken, then
# "PART?LINK ...", the doubtful ones.
doctor()
{
    local wanted=$1 status=0
    shift
    [ "${wanted#*:}" = "$wanted" ] || status=1
    ${in:-} "$build/scardssp-setup" --json doctor "$@" > "$work/out" 2> "$work/err" < /dev/null
    [ $? = $status ]
    check $? "$title: the exit status is not $status" "$work/out"
    [ "$(found)" = "$wanted" ]
    check $? "$title: broken is \"$(found)\", not \"$wanted\"" "$work/out"
    [ ! -s "$work/err" ]
    check $? "$title: it complains" "$work/err"
    [ $status = 0 ] || told
}

found()
{
    { list_of broken :; list_of doubtful '?'; } | paste -s -d ' '
}

# list_of MEMBER SIGN
list_of()
{
    sed "s/.*\"$1\": \[\([^]]*\)\].*/\1/" "$work/out" | grep -o '{[^}]*}' |
        sed "s/{\"part\": \"\(.*\)\", \"link\": \"\(.*\)\"}/\1$2\2/"
}

# Every failure has its cause and its remedy, filled in.
told()
{
    local failed fixed
    failed=$(grep -o '"state": "failed"' "$work/out" | wc -l)
    fixed=$(grep -o '"state": "failed", "text": "[^"]\{10,\}[^}]*, "fix": "[^"]\{8,\}' "$work/out" |
        wc -l)
    [ "$failed" -ge 1 ] && [ "$failed" = "$fixed" ]
    check $? "$title: a cause or a remedy is missing" "$work/out"
    ! grep -q '{[A-Z]*}' "$work/out"
    check $? "$title: something was not filled in" "$work/out"
}

# of_both LINK: that link in both widths
of_both()
{
    echo "64-bit:$1 32-bit:$1"
}

# of_half LINK PART...: that link of the unix half in these parts; where Wine's winscard works it is
# doubtful only, since the DLL goes over that.
of_half()
{
    local link=$1 part broken='' doubtful=''
    shift
    for part; do
        if [ "$wine_version" -lt 9 ] || [ "$old$part" = yes32-bit ]; then
            broken="$broken $part:$link"
        else
            doubtful="$doubtful $part?$link"
        fi
    done
    echo $broken $doubtful
}
halves="64-bit 32-bit"

# of_each LINK OTHER: LINK in the rig's width, OTHER in the other one
of_each()
{
    if [ $arch = i386 ]; then echo "64-bit:$2 32-bit:$1"; else echo "64-bit:$1 32-bit:$2"; fi
}

# has TEXT
has()
{
    grep -qF -- "$1" "$work/out"
    check $? "$title: no \"$1\"" "$work/out"
}

#!/bin/bash
# A desktop user's whole way with the Debian packages, from dpkg -i to dpkg -P.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/setup/packageusers.sh [account|from01]...: all.
#   account  a new account makes a prefix and does what README says
#   from01   the packages are of version 0.1, and upgraded while prefixes use them
# With the halves that the Wine at hand makes a prefix of.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
base=${base_prefix:?run this inside tools/rig}
work=/run/scardssp-rig/packageusers
mkdir -p "$work"
. "$top/tests/setup/setuptest.sh"
. "$top/tests/setup/account.sh"
. "$top/tests/setup/packagetest.sh"
. "$top/tests/setup/versions.sh"
debs=$work/debs

# machine DEBS: has those packages
machine()
{
    : > "$work/out"
    : > "$work/err"
    own_dpkg
    files > "$work/before"
    "$top/tools/package-deb" --builddir "$build" --output "$debs" > "$work/out" 2> "$work/err"
    check $? "package-deb"
    install_all "$1"
    new_account
}

install_all()
{
    dpkg --no-triggers -i $(chosen "$1") > "$work/out" 2> "$work/err"
    check $? "dpkg -i"
}

# The prefix that Wine makes by itself, with what the packages brought into Wine's own directory;
# sets $bits to what it has.
fresh_prefix()
{
    does 0 "a fresh prefix" wine wineboot -i
    does 0 "its first program" wine cmd /c exit
    as_new wineserver -w
    bits=64
    [ ! -f /home/new/.wine/drive_c/windows/syswow64/ntdll.dll ] || bits="64 32"
}

# The card is reached, by programs of each width.
cards_reached()
{
    local width
    for width in $bits; do
        does 0 "scardtool of $width bits, $1" env SCARDSSP_BITS=$width scardtool readers
        has "Virtual PCD 00 00"
    done
}

# each_width PATTERN...: has, for each width of the prefix
each_width()
{
    local width pattern
    for width in $bits; do
        for pattern; do has "$width-bit: $pattern"; done
    done
}

# Over our winscard.dll.
program_runs()
{
    local width arch
    does 0 "install --winscard" scardssp-setup install --winscard
    for width in $bits; do has "winscard: $width-bit: winscard.dll"; done
    for width in $bits; do
        arch=x86_64
        [ $width = 64 ] || arch=i386
        install -D "$build/tools/samples/$arch/cardinfo.exe" "/home/new/programs/$arch.exe"
        does 0 "a program of $width bits" scardssp-run "programs/$arch.exe"
        has "its functions are in .*scardssp.dll" "answer .* 90 00"
        does 0 "doctor of a program" scardssp-setup doctor "programs/$arch.exe"
    done
    rm -r /home/new/programs
}

doctor_content()
{
    does 0 "doctor" scardssp-setup doctor
    each_width ".*the card in Virtual PCD 00 00 answers"
}

in_german()
{
    if ! command -v gettext > /dev/null; then
        echo "skipped: other languages: no gettext-base here"
        skipped=$((skipped + 1))
        return
    fi
    does 1 "in German" env LANGUAGE=de scardssp-setup --prefix /home/new/none status
    has "FEHLER: /home/new/none gibt es nicht"
    does 2 "scardssp-run in German" env LANGUAGE=de scardssp-run --fly
    grep -q "unbekannte Option --fly" "$work/err"
    check $? "scardssp-run speaks English"
}

way_account()
{
    machine "$debs"
    does 1 "no prefix yet" scardssp-setup install
    has "there is no /home/new/.wine" "make it: .*wineboot -i"
    in_german
    fresh_prefix
    account before
    does 0 "status of what Wine made" scardssp-setup status
    each_width " .*registered, transport unix" " *warning: the card database has no card types"
    does 0 "install" scardssp-setup install
    has "Wine's own directory has scardssp"
    each_width " *was in sys.*; registered"
    [ ! -e /home/new/.config/environment.d ]
    check $? "the session is told what Wine finds by itself"
    does 0 "status" scardssp-setup status
    each_width ".*registered, transport unix, unix half /usr/lib"
    doctor_content
    cards_reached "installed"
    does 0 "a launcher" scardssp-run sh -c 'echo started'
    has "^started\$"
    program_runs
    does 0 "uninstall" scardssp-setup uninstall
    account_is_as_before
    does 0 "winetricks" sh -c 'w_metadata() { :; }; w_die() { echo "$*"; exit 1; }
        WINEPREFIX=$HOME/.wine; . /usr/share/scardssp/scardssp.verb; load_scardssp'
    each_width " *was in sys.*; registered"
    does 0 "uninstall after winetricks" scardssp-setup uninstall
    account_is_as_before
    purged "$debs"
    does 0 "Wine after dpkg -P" wine cmd /c 'echo alive'
    has "^alive"
    as_new wineserver -k
}

way_from01()
{
    local first
    first=$(SCARDSSP_CACHE=${cache:-} "$top/tools/lib/first-packages" 2> "$work/reason") || {
        echo "skipped: from 0.1: $(tail -n 1 "$work/reason")"
        skipped=$((skipped + 1))
        return
    }
    machine "$first"
    fresh_prefix
    account before
    does 0 "0.1: install" scardssp-setup install
    each_width " *was in sys.*; registered"
    cards_reached "0.1"
    as_new wineserver -w
    cp -a /home/new/.wine "$work/second"

    # What runs goes on.
    as_new wine cmd /c 'pause' < <(sleep 60) > /dev/null 2>&1 &
    install_all "$debs"
    installed_files "$debs"
    cards_reached "upgraded beneath a prefix"
    as_new wineserver -k
    wait $!
    does 0 "status after the upgrade" scardssp-setup status
    each_width " *warning: the copy in .*, 0\.1\.0, is not the installed one, $built"
    has "scardssp-setup install"
    doctor_upgraded
    does 0 "install over 0.1" scardssp-setup install
    each_width " *installed"
    does 0 "status" scardssp-setup status
    ! grep "is not the installed one" "$work/out"
    check $? "install leaves the copies of 0.1"
    doctor_content
    ! grep "is not the installed one" "$work/out"
    check $? "doctor still finds copies of 0.1"
    cards_reached "of 0.1, installed again"
    program_runs
    does 0 "uninstall" scardssp-setup uninstall
    account_is_as_before

    # Another one goes at once.
    as_new wineserver -k
    rm -rf /home/new/.wine
    mv "$work/second" /home/new/.wine
    does 0 "uninstall what 0.1 installed" scardssp-setup uninstall
    account_is_as_before
    as_new wineserver -k
    purged "$debs"
}

# Doctor sees that it works, and what is to do.
doctor_upgraded()
{
    does 0 "doctor after the upgrade" scardssp-setup doctor
    each_width ".*the card in Virtual PCD 00 00 answers" \
        " *warning: the copy in .* is not the installed one"
    has "scardssp-setup install"
}

[ $# != 0 ] || set -- account from01
if [ $# = 1 ]; then
    "way_$1"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ $failed = 0 ]
    exit
fi
status=0
for way; do
    unshare --mount "$0" "$way" || status=1
done
exit $status

#!/bin/bash
# The Debian packages: installed by dpkg they work, and removed they leave nothing.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/setup/packages.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
base=${base_prefix:?run this inside tools/rig}
work=/run/scardssp-rig/packages
mkdir -p "$work/home"
. "$top/tests/setup/setuptest.sh"

# Where dpkg works, what it changes is seen by this run only.
mount_over /usr /usr
mount_over /var /var
own_wine_32 "$(wine_directory)"

# Names, sizes, kinds and targets; not dpkg's own records.
files()
{
    find /usr /var -path /var/lib/dpkg -prune -o -path /var/log -prune -o ! -type d \
        -printf '%p %y %s %m %l\n' -o -printf '%p\n' | LC_ALL=C sort
}

# run WHAT COMMAND...
run()
{
    local what=$1
    shift
    "$@" > "$work/out" 2> "$work/err" < /dev/null
    check $? "$what"
}

# What winetricks does with a file that is named after its verb; its functions as far as needed.
by_winetricks()
(
    w_metadata() { metadata="$1 $2"; }
    w_die() { echo "$*"; exit 1; }
    . /usr/share/scardssp/scardssp.verb
    [ "$metadata" = "scardssp dlls" ] && load_scardssp
)

# Which of them belong on a machine with this Wine.
chosen()
{
    ls "$work"/debs/scardssp-wine_*_amd64.deb "$work"/debs/scardssp-tools_*_amd64.deb
    [ ! -f /usr/lib/i386-linux-gnu/wine/i386-unix/ntdll.so ] ||
        ls "$work"/debs/scardssp-wine_*_i386.deb
}

: > "$work/out"
run "package-deb" "$top/tools/package-deb" --builddir "$build" --output "$work/debs"
run "package-deb again" "$top/tools/package-deb" --builddir "$build" --output "$work/again"
for deb in "$work"/debs/*.deb; do
    cmp -s "$deb" "$work/again/${deb##*/}"
    check $? "${deb##*/} differs when made again"
    dpkg-deb -c "$deb" | awk '$2 != "root/root" || $1 ~ /^.....w/ || $1 ~ /^........w/' \
        > "$work/out"
    [ ! -s "$work/out" ]
    check $? "${deb##*/}: owners or modes"
done

files > "$work/before"
run "dpkg -i" dpkg --no-triggers -i $(chosen)
files | LC_ALL=C comm -13 "$work/before" - | cut -d ' ' -f 1 | sed '/\/$/d' > "$work/new"
for deb in $(chosen); do
    dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n 's/^\.\(.*[^/]\)$/\1/p'
done | LC_ALL=C sort -u > "$work/wanted"
while read -r file; do
    [ -e "$file" ]
    check $? "$file was not installed"
done < "$work/wanted"
# One of Wine's directories may be a link to another.
xargs -d '\n' readlink -f < "$work/wanted" > "$work/real"
while read -r file; do
    [ -d "$file" ] || grep -qxF "$(readlink -f "$file")" "$work/real"
    check $? "$file was installed by nobody"
done < "$work/new"

new_prefix packaged
snapshot before
run "install" scardssp-setup --user install
has "Wine's own directory has scardssp" "64-bit: *installed" "32-bit: *installed"
run "status" scardssp-setup --user status
has "64-bit: .*registered, transport unix, unix half /usr/lib"
has "32-bit: .*registered, transport unix, unix half /usr/lib"
for bits in 64 32; do
    run "scardtool of $bits bits" env SCARDSSP_BITS=$bits scardtool readers
    has "Virtual PCD 00 00"
done
run "doctor" scardssp-setup doctor
run "scardssp-run" scardssp-run cmd /c ver
run "uninstall" scardssp-setup --user uninstall
compare before
run "the verb of winetricks" by_winetricks
has "64-bit: *installed" "32-bit: *installed"
run "uninstall" scardssp-setup uninstall
compare before
end_prefix

run "dpkg -P" dpkg --no-triggers -P $(chosen | sed 's|.*/\(.*\)_.*_\(.*\)\.deb|\1:\2|')
files | diff "$work/before" - > "$work/out"
check $? "files differ after dpkg -P"

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]

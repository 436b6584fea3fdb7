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
. "$top/tests/setup/packagetest.sh"

own_dpkg
own_wine_32 "$(wine_directory)"

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
    local verb=$1
    w_metadata() { metadata="$1 $2"; }
    w_die() { echo "$*"; exit 1; }
    # The verb's minute, in seconds that a test can wait.
    timeout() { shift && command timeout 5 "$@"; }
    # shellcheck disable=SC1090 # what the package brought
    . "/usr/share/scardssp/$verb.verb"
    [ "$metadata" = "$verb dlls" ] && "load_$verb"
)

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
run "dpkg -i" dpkg --no-triggers -i $(chosen "$work/debs")
installed_files "$work/debs"

# What there is to read, and to compile with.
for file in README.md SECURITY.md PROFILES.md SESSIONS.md examples/atr.vbs \
    examples/example.profile examples/uicc.profile; do
    [ -s "/usr/share/doc/scardssp-tools/$file" ]
    check $? "there is no $file"
done
[ -s /usr/share/doc/scardssp-dev/scardssp.html ] &&
    [ -s /usr/share/man/man3/ISCardManage.3scardssp.gz ]
check $? "there is no documentation of the API"
for arch in i386 x86_64; do
    [ -s "$(pkg-config "--variable=typelibdir_$arch" scardssp)/iccsp.tlb" ]
    check $? "pkg-config does not lead to the type libraries of $arch"
done
printf '%s\n' '#include <windows.h>' '#include <ole2.h>' '#include <iccsp.h>' \
    'LPSCARDINFO info; ISCardManage *manage;' > "$work/client.c"
for cc in i686-w64-mingw32-gcc x86_64-w64-mingw32-gcc; do
    command -v "$cc" > /dev/null || continue
    run "$cc of a client" "$cc" -Wall -Werror $(pkg-config --cflags scardssp) \
        -c -o "$work/client.o" "$work/client.c"
done

# A Wine that is not Debian's: nothing of ours is in its own directory.
wine_files()
{
    find /usr/lib/*/wine \( -name scardssp.dll -o -name scardssp.so \)
}
new_prefix other
snapshot before
wine_files > "$work/moved"
while read -r file; do mv "$file" "$work/moved.${file//\//_}"; done < "$work/moved"
run "install for another Wine" scardssp-setup --user install
has "64-bit: *installed" "32-bit: *installed" "60-scardssp.conf sets WINEDLLPATH"
grep -qF '/usr/lib/scardssp"' "$config/environment.d/60-scardssp.conf"
check $? "the session is not told of /usr/lib/scardssp"
run "status for another Wine" scardssp-setup --user status
has "64-bit: .*registered, transport unix, unix half /usr/lib/scardssp/"
has "32-bit: .*registered, transport unix, unix half /usr/lib/scardssp/"
run "scardssp-run for another Wine" scardssp-run 'C:\windows\system32\regsvr32.exe' /s scardssp.dll
for bits in 64 32; do
    run "scardtool of $bits bits, another Wine" env SCARDSSP_BITS=$bits scardtool readers
    has "Virtual PCD 00 00"
done
run "uninstall for another Wine" scardssp-setup --user uninstall
while read -r file; do mv "$work/moved.${file//\//_}" "$file"; done < "$work/moved"
compare before
end_prefix

# What Wine itself puts into a prefix has no card types, and status says so.
new_prefix booted
run "wineboot" wine wineboot -u
wineserver -w
run "status of what Wine made" scardssp-setup --user status
has "64-bit: .*registered, transport unix" "64-bit: *warning: the card database has no card types"
run "install over what Wine made" scardssp-setup --user install
run "status after install" scardssp-setup --user status
has "64-bit: .*registered, transport unix"
! grep -q "no card types" "$work/out"
check $? "the card types are still missing"
run "uninstall" scardssp-setup --user uninstall
end_prefix

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
wine cmd /c "for /l %i in () do @rem" > "$work/busy" 2>&1 < /dev/null &
busy=$!
sleep 2
by_winetricks scardssp > "$work/out" 2>&1 < /dev/null
[ $? != 0 ]
check $? "the verb of winetricks goes on although a program runs"
has "waiting for up to a minute until no program runs in" "close them, or end them by"
kill $busy
wineserver -k
run "the verb of winetricks" by_winetricks scardssp
has "64-bit: *installed" "32-bit: *installed"
run "uninstall" scardssp-setup uninstall
compare before

# What is in Wine's own directory is Wine's, and ours comes from beside it.
find /usr/lib/*/wine -name winscard.dll | while read -r file; do
    "$build/scardssp-pe" wines "$file" || echo "$file"
done > "$work/out"
[ ! -s "$work/out" ]
check $? "winscard.dll of ours lies where Wine looks for its own"
run "the verb for winscard.dll" by_winetricks scardssp_winscard
has "winscard: 64-bit: winscard.dll" "winscard: 32-bit: winscard.dll"
for arch in x86_64 i386; do
    run "a program over winscard.dll, $arch" wine "$build/tools/samples/$arch/cardinfo.exe"
    has "its functions are in .*scardssp.dll" "answer .* 90 00"
done
run "status" scardssp-setup --user status
has "winscard: .*32-bit: programs get this project's"
run "uninstall" scardssp-setup uninstall
compare before
end_prefix

purged "$work/debs"

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]

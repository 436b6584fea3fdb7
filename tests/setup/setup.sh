#!/bin/bash
# scardssp-setup against prefixes of its own: what it installs works, and what it undoes is undone.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/setup/setup.sh [SCENARIO...]
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
base=${base_prefix:?run this inside tools/rig}
work=/run/scardssp-rig/setup$([ $# != 1 ] || echo ".$1")
mkdir -p "$work"
. "$top/tests/setup/setuptest.sh"
. "$top/tests/setup/setupfails.sh"
. "$top/tests/setup/setupowner.sh"
. "$top/tests/setup/setupkept.sh"

# ---- a prefix that nobody touched ----

scenario_fresh()
{
    new_prefix fresh
    snapshot before
    setup 3 "status of nothing" --user status
    has "64-bit: *skipped: not installed" "32-bit: *skipped: not installed"
    has "nothing sets WINEDLLPATH"
    setup 0 "install" --user install
    has "64-bit: *installed in system32 and registered" "32-bit: *installed in syswow64"
    has "dll path: .*60-scardssp.conf sets WINEDLLPATH" "log in again"
    cmp -s "$build/i386-windows/scardssp.dll" "$windows/syswow64/scardssp.dll"
    check $? "the 32-bit DLL is not in syswow64"
    in_session com_works
    check $? "no object can be created"
    setup 0 "install again" --user install
    has "64-bit: *unchanged" "32-bit: *unchanged" "dll path: unchanged"
    setup 0 "status" --user status
    has "64-bit: *version [0-9.]* in system32, registered, transport unix, unix half $build/x86_64-"
    has "32-bit: *version [0-9.]* in syswow64, registered, transport unix, unix half $build/"
    has "log in again"
    setup 0 "status as JSON" --json status
    json "[w['bits'] for w in data['widths']] == [64, 32] and data['kind'] == 'wow64'"
    json "all(w['registered'] and w['installed'] for w in data['widths'])"
    json "{w['transport'] for w in data['widths']} == {'unix'}"
    printf x >> "$windows/syswow64/scardssp.dll"
    setup 0 "status of a stale copy" --user status
    has "32-bit: *warning: the copy in syswow64, [0-9.]*, is not the installed one"
    setup 0 "quiet" --user -q install
    [ ! -s "$work/out" ]
    check $? "--quiet is not"
    rm "$windows/syswow64/scardssp.dll"
    setup 0 "repair" --user install
    has "64-bit: *unchanged" "32-bit: *installed"
    setup 0 "uninstall" --user uninstall
    has "64-bit: *removed from system32" "32-bit: *removed from syswow64" "conf is removed"
    compare before
    [ ! -e "$config/environment.d" ]
    check $? "environment.d stays"
    setup 0 "uninstall again" --user uninstall
    has "installed nothing here"
    compare before
}

# ---- launchers in a sandbox ----

# The prefix of a Flatpak gets copies that a sandbox can see, until no prefix needs them.
scenario_flatpak()
{
    local app=org.example.Bottles data=$HOME/.local/share/scardssp place
    new_prefix flatpak
    snapshot before
    place=$HOME/.var/app/$app/data/prefix
    mkdir -p "$place"
    mount --bind "$WINEPREFIX" "$place"
    setup 0 "install" --prefix "$place" install
    has "64-bit: *installed" "32-bit: *installed" "64-bit files are in $data" \
        "flatpak override --user --socket=pcsc --filesystem=$data:ro --env=WINEDLLPATH=$data $app"
    [ ! -e "$config/environment.d" ]
    check $? "the session is told, too"
    ls "$data"/x86_64-windows/scardssp.dll "$data"/x86_64-unix/scardssp.so \
        "$data"/i386-windows/scardssp.dll > "$work/err" 2>&1
    check $? "copies are missing"
    WINEPREFIX=$place WINEDLLPATH=$data com_works
    check $? "no object can be created"
    setup 0 "status before the override" --prefix "$place" status
    has "for launchers: WINEDLLPATH=$data" "warning: nothing tells the Flatpak $app" \
        "64-bit: .*unix half $data/x86_64-unix"
    mkdir -p "$HOME/.local/share/flatpak/overrides"
    printf '[Context]\nsockets=pcsc;\nfilesystems=%s:ro;\n\n[Environment]\nWINEDLLPATH=%s\n' \
        "$data" "$data" > "$HOME/.local/share/flatpak/overrides/$app"
    setup 0 "install again" --prefix "$place" install
    setup 0 "status with the override" --prefix "$place" status
    ! grep -q "warning" "$work/out"
    check $? "there are warnings still"
    setup 0 "doctor" --prefix "$place" doctor
    has "64-bit: *its unix half is $data/x86_64-unix"
    printf x >> "$data/i386-windows/scardssp.dll"
    setup 0 "status of a stale copy" --prefix "$place" status
    has "warning: $data/i386-windows/scardssp.dll is not the installed one"
    setup 0 "uninstall" --prefix "$place" uninstall
    has "removed from $data"
    [ ! -e "$data" ]
    check $? "$data stays"
    wineserver -w
    umount "$place"
    rm -r "$HOME/.var" "$HOME/.local"
    compare before
}

# The same by choice, as for Steam.
scenario_home()
{
    local data=$work/data/scardssp
    export XDG_DATA_HOME=$work/data
    new_prefix home
    snapshot before
    setup 0 "install" --home install
    has "64-bit files are in $data" "launchers find it by WINEDLLPATH=$data"
    setup 0 "status" status
    has "for launchers: WINEDLLPATH=$data" "32-bit: .*registered, transport unix, unix half $data/"
    setup 0 "uninstall" uninstall
    [ ! -e "$data" ]
    check $? "$data stays"
    compare before
    unset XDG_DATA_HOME
    mkdir -p "$work/da:ta"
    XDG_DATA_HOME=$work/da:ta setup 1 "a colon" --home install
    has "has a colon in its name"
}

# Sessions that read no environment.d are told what they read.
scenario_sessions()
{
    local row file
    new_prefix sessions
    for row in "XFCE x11:~/.x" "LXQt x11:~/.x" "i3 x11:~/.x" "sway wayland:~/.profile"; do
        file=${row#*:} row=${row%:*}
        XDG_CURRENT_DESKTOP=${row% *} XDG_SESSION_TYPE=${row#* } setup 0 "$row" --user install
        has "put this line into $file.* and log in again" "export WINEDLLPATH='$build'"
        setup 0 "$row" --user uninstall
    done
    SSH_CONNECTION="1 2 3 4" setup 0 "ssh" --user install
    has "put this line into ~/.profile and"
    XDG_CURRENT_DESKTOP=XFCE setup 0 "status" --user status
    has "put this line into ~/.x.* and log in again"
    setup 0 "ssh" --user uninstall
    for row in GNOME ubuntu:GNOME KDE; do
        XDG_CURRENT_DESKTOP=$row setup 0 "$row" --user install
        has "to do: log in again"
        setup 0 "$row" --user uninstall
    done
}

# ---- others were there before ----

# In both views: a provider that is registered with what ours does not have, card types.
foreign_registry()
{
    local view software='HKEY_LOCAL_MACHINE\Software' clsid
    local classes="$software\\Classes"
    for view in '' 'Wow6432Node\'; do
        clsid="$classes\\${view}CLSID\\{1461aac7-6810-11d0-918f-00aa00c18068}"
        cat <<REG
[$clsid]
@="Foreign \\"card\\" of Ä"
[$clsid\\InprocServer32]
@=hex(2):25,00,41,00,25,00,5c,00,e4,00,0a,00,31,00,00,00
"ThreadingModel"="Apartment"
"Extra"=hex(7):61,00,00,00,31,00,00,00,00,00
[$clsid\\Programmable]
[$clsid\\Odd \\x]
"\\\\q\\""=dword:000000ff
"bin"=hex:00,01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11,12,13,14,15,16,17,18,19,1a,1b
"none"=hex(0):
[$classes\\${view}Interface\\{5E586211-5A09-11D0-B84C-00C04FD424B9}\\ProxyStubClsid32]
@="{00020424-0000-0000-C000-000000000046}"
[$software\\${view}Microsoft\\Cryptography\\Calais\\SmartCards\\Schlumberger Cryptoflex 8K v2]
"ATR"=hex:3b,00
"ATRMask"=hex:ff,ff
[$software\\${view}Microsoft\\Cryptography\\Calais\\SmartCards\\Mine]
"ATR"=hex:3b,01,02
REG
    done
    cat <<REG
[$classes\\TypeLib\\{82C38704-19F1-11D3-A11F-00C04F79F800}\\1.0]
@="Foreign Type Library"
[$classes\\TypeLib\\{82C38704-19F1-11D3-A11F-00C04F79F800}\\1.0\\9\\win32]
@="C:\\\\foreign.tlb"
[$classes\\SCardSSP.CSCard]
@="Foreign card"
"Other"="value"
[$classes\\CLSID\\{A80F1101-D1F8-11D0-B5C5-00A024297ED9}\\InprocServer32]
@="sicrypt.dll"
REG
}

foreign_files()
{
    echo "a native DLL" > "$windows/system32/scardssp.dll"
    chmod 640 "$windows/system32/scardssp.dll"
    touch -d 2003-04-05T06:07:08 "$windows/system32/scardssp.dll"
    echo "somewhere else" > "$WINEPREFIX/elsewhere.dll"
    ln -s ../../../elsewhere.dll "$windows/syswow64/scardssp.dll"
}

scenario_foreign()
{
    local before
    new_prefix foreign
    foreign_files
    foreign_registry | import
    snapshot before
    exports before
    setup 0 "install" --user install
    has "64-bit: *installed" "32-bit: *installed"
    [ "$(cat "$WINEPREFIX/elsewhere.dll")" = "somewhere else" ]
    check $? "the DLL was written through a link"
    in_session com_works
    check $? "no object can be created"
    setup 0 "install again" --user install
    in_session scardtool alias --set sicrypt > "$work/out" 2>&1
    check $? "aliases cannot be made"
    setup 0 "uninstall" --user uninstall
    has "64-bit: .*the file before it is back" "32-bit: .*the file before it is back"
    compare before
    exports after
    for before in "$work"/export.*.before; do
        cmp -s "$before" "${before%before}after"
        check $? "${before##*/} differs: $(diff "$before" "${before%before}after" | head -n 5)"
    done
    [ "$(stat -c '%a %Y' "$windows/system32/scardssp.dll")" = \
        "640 $(date -d 2003-04-05T06:07:08 +%s)" ]
    check $? "mode or time of the native DLL differ"
}

# What people made after installing stays: a card type, a class, a type that we had written.
scenario_later()
{
    new_prefix later
    setup 0 "install" --user install
    in_session scardtool add "my card" --atr 3B021450 > "$work/out" 2>&1
    check $? "no card type can be added"
    in_session scardtool add "Schlumberger Cryptoflex 4K" --atr 3B021451 --replace \
        > "$work/out" 2>&1
    check $? "no card type can be changed"
    printf '%s\n' '[HKEY_LOCAL_MACHINE\Software\Classes\SCardSSP.CSCard\mine]' '"a"="b"' | import
    setup 0 "uninstall" --user --prefix "$WINEPREFIX/./" uninstall
    has "conf is removed"
    # A program ID that somebody put a key into goes with all that is in it: it was ours.
    lost '{1461AAC7-6810-11D0-918F-00AA00C18068}' 'GemSAFE' 'SCardSSP.'
    kept 'SmartCards\\\\my card' 'SmartCards\\\\Schlumberger Cryptoflex 4K'
}

# Copied and registered by hand, as scardssp(7) tells: that is how it was before, so it stays.
scenario_byhand()
{
    new_prefix byhand
    cp "$build/x86_64-windows/scardssp.dll" "$windows/system32/"
    cp "$build/i386-windows/scardssp.dll" "$windows/syswow64/"
    # To the 32-bit loader of the old WoW64 system32 is syswow64.
    /usr/lib/wine/wine64 'C:\windows\system32\regsvr32.exe' /s 'C:\windows\system32\scardssp.dll'
    wine 'C:\windows\syswow64\regsvr32.exe' /s 'C:\windows\syswow64\scardssp.dll'
    wineserver -w
    snapshot before
    setup 0 "install" --user install
    has "64-bit: *unchanged" "32-bit: *unchanged"
    setup 0 "uninstall" --user uninstall
    has "64-bit: .*was there before, so it stays"
    compare before
    setup 0 "uninstall by force" --user --force uninstall
    has "64-bit: *removed"
    lost '{1461AAC7-6810-11D0-918F-00AA00C18068}' 'SCardSSP' 'SmartCards'
    [ ! -e "$windows/system32/scardssp.dll" ] && [ ! -e "$windows/syswow64/scardssp.dll" ]
    check $? "a DLL stays after --force"
}

# Somebody put another DLL in place of ours: it is not ours to remove.
scenario_replaced()
{
    new_prefix replaced
    setup 0 "install" --user install
    echo "a vendor's" > "$windows/system32/new"
    mv "$windows/system32/new" "$windows/system32/scardssp.dll"
    setup 1 "uninstall" --user uninstall
    has "64-bit: *FAILED: .*was replaced since" "--force removes" "32-bit: *removed"
    ! grep -q '^registry:' "$work/out"
    check $? "the registry is not as before"
    [ "$(cat "$windows/system32/scardssp.dll")" = "a vendor's" ]
    check $? "the vendor's DLL is gone"
    setup 0 "uninstall by force" --user --force uninstall
    [ ! -e "$windows/system32/scardssp.dll" ] && [ ! -e "$WINEPREFIX/.scardssp-setup" ]
    check $? "something stays"
}

# ---- names that shells and registries trip over ----

scenario_names()
{
    # Wine's paths to DLLs are Windows names, which have neither backslashes nor quotation marks.
    local odd="it's \$HOME; ü&"
    new_prefix "$odd \"\\\""
    export config="$work/$odd config" XDG_CONFIG_HOME="$work/$odd config"
    snapshot before
    mkdir -p "$work/$odd dlls"
    cp -r "$build"/{i386,x86_64}-{windows,unix} "$work/$odd dlls/"
    export SCARDSSP_DIR="$work/$odd dlls"
    setup 0 "install" --user --json install
    json "data['exit'] == 0 and data['command'] == 'install'"
    json "data['prefix'].endswith('ü& \"\\\\\"/prefix')"
    json "[r['part'] for r in data['results']] == ['dll path', '64-bit', '32-bit', 'service']"
    json "{r['state'] for r in data['results']} == {'ok'}"
    in_session com_works
    check $? "no object can be created"
    setup 0 "uninstall" --user uninstall
    compare before
    for odd in 'a:b' 'a\b' 'a"b'; do
        ln -sfn "$build" "$work/$odd"
        export SCARDSSP_DIR="$work/$odd"
        setup 1 "$odd" --user install
        has "dll path: FAILED: .*\(Wine has no name for\|has a colon\)"
    done
    unset SCARDSSP_DIR
}

# ---- scardssp-run ----

# runs CODE TEXT ARGS...: the exit status, and what it prints
runs()
{
    local wanted=$1 text=$2 code
    shift 2
    "$build/scardssp-run" "$@" > "$work/out" 2> "$work/err" < /dev/null
    code=$?
    [ $code = "$wanted" ] && { [ -z "$text" ] || grep -qF -- "$text" "$work/out" "$work/err"; }
    check $? "scardssp-run $*: exit status $code, not $wanted, or no \"$text\""
}

scenario_run()
{
    new_prefix run
    setup 0 "install" --user install
    runs 0 "Usage: scardssp-run" -h
    runs 0 "scardssp-run 0" --version
    runs 2 "Usage: scardssp-run"
    runs 2 "unknown option" --fast cmd
    runs 0 "path=$build." sh -c 'echo "path=$WINEDLLPATH."'
    WINEDLLPATH=/already runs 0 "path=/already:$build." sh -c 'echo "path=$WINEDLLPATH."'
    WINEDLLPATH=$build runs 0 "path=$build." sh -c 'echo "path=$WINEDLLPATH."'
    WINEDLLPATH=lib runs 1 "relative entry" true
    WINE=$work/none runs 127 "none was not found" cmd.exe
    runs 0 "Virtual PCD 00 00" "$build/x86_64-windows/scardtool.exe" readers
    runs 0 "Virtual PCD 00 00" -- "$build/i386-windows/scardtool.exe" readers
    runs 7 "" cmd /c exit 7
    runs 0 "a program, not the shell's word" printf "%s" "a program, not the shell's word"
}

# ---- for all users ----

scenario_system()
{
    local dir
    new_prefix system
    dir=$(wine_directory)
    list "$dir" > "$work/dll.before"
    snapshot before
    setup 0 "install" --system install
    has "dll path: *64-bit files are in $dir" "dll path: *32-bit files are in "
    com_works
    check $? "no object can be created without WINEDLLPATH"
    setup 0 "status" status
    has "dll path: *Wine's own directory"
    has "32-bit: .*registered, transport unix, unix half $(wine_directory wine)"
    setup 0 "install again" --system install
    has "dll path: unchanged: 64-bit" "64-bit: *unchanged"
    setup 0 "for a user" --user install
    has "Wine's own directory has scardssp"
    setup 0 "uninstall for a user" --user uninstall
    [ -f "$dir/x86_64-windows/scardssp.dll" ]
    check $? "uninstall --user removed the files of all"
    setup 0 "uninstall" --system uninstall
    has "dll path: *removed from $dir"
    list "$dir" | diff "$work/dll.before" - > "$work/out"
    check $? "Wine's directory is not as before"
    compare before
    find "$WINEPREFIX" -maxdepth 1 -exec chown nobody {} +
    # Debian's Wine keeps here where the server's directory is, which is root's.
    [ ! -f "$WINEPREFIX/wineserver" ] || mv "$WINEPREFIX/wineserver" "$work/"
    setup 0 "in the prefix of another user" --system install
    has "dll path: *64-bit files are in $dir"
    setup 0 "and removed" --system uninstall
    nobodys_directory "$dir"
    rm -f "$WINEPREFIX/wineserver"
    [ ! -f "$work/wineserver" ] || mv "$work/wineserver" "$WINEPREFIX/"
    find "$WINEPREFIX" -maxdepth 1 -exec chown root {} +
    list "$dir" | diff "$work/dll.before" - > "$work/out"
    check $? "Wine's directory is not as before"
    echo "of a package" > "$dir/x86_64-unix/scardssp.so"
    setup 1 "a file of others" --system install
    has "dll path: FAILED: .*scardssp.so is another one" "--force"
    setup 0 "by force" --system --force install
    setup 0 "uninstall again" --system uninstall
    [ "$(cat "$dir/x86_64-unix/scardssp.so")" = "of a package" ]
    check $? "the package's file is not back"
    rm "$dir/x86_64-unix/scardssp.so"
}

# What nobody but root can change, links followed.
nobodys_directory()
{
    local fake=$work/fake
    mkdir -p "$fake/sub"
    ln -s "$1" "$fake/link"
    chmod 755 /run/scardssp-rig "$work" "$fake"
    (
        . "$build/setup-lib/wine.sh"
        [ "$(root_alone "$fake/link")" = "$1" ]
    )
    check $? "root's own directory is refused"
    for owner in 0:777 65534:755; do
        chown "${owner%:*}" "$fake"
        chmod "${owner#*:}" "$fake"
        ! (. "$build/setup-lib/wine.sh" && root_alone "$fake/sub") > "$work/out"
        check $? "a directory is taken that belongs to $owner"
        grep -qx "$fake" "$work/out"
        check $? "$fake is not named"
    done
}

# Two prefixes of one user at the same time: neither forgets the other.
scenario_together()
{
    local one two
    new_prefix one
    one=$WINEPREFIX
    new_prefix two
    two=$WINEPREFIX
    both install
    [ "$(grep -c '^# prefix: ' "$config/environment.d/60-scardssp.conf")" = 2 ]
    check $? "the session's file does not name both prefixes"
    both uninstall
    [ ! -e "$config/environment.d" ]
    check $? "environment.d stays"
    WINEPREFIX=$one wineserver -k > /dev/null 2>&1
}

# both COMMAND: of the prefixes $one and $two
both()
{
    local pids='' place
    for place in "$one" "$two"; do
        "$build/scardssp-setup" --user --prefix "$place" "$1" > "$work/out" 2>&1 &
        pids="$pids $!"
    done
    for place in $pids; do
        wait "$place"
        check $? "$1 of two prefixes at once"
    done
}

case $# in
0) several system owner foreign errors halves names fresh interrupted full byhand together damaged \
    later replaced overrides refused homes letters hanging lost run upgrade kept \
    flatpak home sessions ;;
1) one "$1" ;;
*) several "$@" ;;
esac

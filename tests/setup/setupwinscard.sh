#!/bin/bash
# scardssp-setup install --winscard: programs get our winscard.dll, and Wine's again afterwards.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/setup/setupwinscard.sh [SCENARIO...]
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
base=${base_prefix:?run this inside tools/rig}
work=/run/scardssp-rig/setupwinscard$([ $# != 1 ] || echo ".$1")
mkdir -p "$work"
. "$top/tests/setup/setuptest.sh"
. "$top/tests/setup/versions.sh"

overrides='HKEY_CURRENT_USER\Software\Wine'

# served WHOSE NAME [ARCH]: a program of that name gets the winscard.dll of WHOSE: ours, by which it
# reaches the card; wines; or other.
served()
{
    local whose=$1 arch server='winscard.dll'
    [ "$whose" != ours ] || server='scardssp.dll'
    for arch in ${3:-x86_64 i386}; do
        mkdir -p "$work/programs/$arch"
        cp "$build/tools/samples/$arch/cardinfo.exe" "$work/programs/$arch/$2"
        in_session wine "$work/programs/$arch/$2" 2> "$work/err" | tr -d '\r' > "$work/out"
        grep -qi "^its functions are in *C:.windows.system32.$server\$" "$work/out"
        check $? "$2, $arch, is not served by $whose"
        [ "$whose" != ours ] || grep -q "^answer .* 90 00\$" "$work/out"
        check $? "$2, $arch: no card answers"
    done
}

# placed 0|1: the files of both widths are ours, or not
placed()
{
    local dir arch name
    for dir in system32 syswow64; do
        arch=x86_64
        [ "$dir" = system32 ] || arch=i386
        for name in winscard scarddlg; do
            cmp -s "$build/$arch-windows/$name.dll" "$windows/$dir/$name.dll"
            [ $? = "$1" ]
            check $? "$dir/$name.dll is ours, or is not"
        done
    done
}

# ---- both widths ----

scenario_whole()
{
    new_prefix whole
    snapshot before
    setup 0 "install without it" --user install
    served wines cardinfo.exe
    placed 1
    setup 0 "install" --user install --winscard
    has "64-bit: *unchanged" \
        "winscard: 64-bit: winscard.dll scarddlg.dll in system32, for all programs" \
        "winscard: 32-bit: winscard.dll scarddlg.dll in syswow64, for all programs"
    placed 0
    served ours cardinfo.exe
    served ours other.exe
    setup 0 "install again" --user install --winscard
    has "winscard: unchanged: 64-bit" "winscard: unchanged: 32-bit"
    printf x >> "$windows/syswow64/winscard.dll"
    setup 0 "install without the option renews it" --user install
    has "winscard: unchanged: 64-bit" "winscard: 32-bit: winscard.dll"
    placed 0
    setup 0 "uninstall it alone" --user uninstall --winscard
    has "winscard: 64-bit: removed from system32; the file before it is back" \
        "winscard: 32-bit: removed from syswow64; the file before it is back" \
        "scarddlg: 32-bit: removed from syswow64; the file before it is back"
    ! grep -q '^..-bit:' "$work/out"
    check $? "more was removed"
    served wines cardinfo.exe
    setup 0 "uninstall it again" --user uninstall --winscard
    has "winscard: skipped: .* did not put"
    setup 0 "uninstall" --user uninstall
    has "64-bit: *removed"
    compare before
    setup 0 "both at once" --user install --winscard
    served ours cardinfo.exe
    setup 0 "uninstall of both" --user uninstall
    has "winscard: 64-bit: removed" "64-bit: *removed"
    compare before
}

scenario_program()
{
    new_prefix program
    snapshot before
    setup 0 "one program" --user install --winscard --program "My Bank.exe"
    has "winscard: 64-bit: .* for My Bank.exe"
    served ours "my bank.exe"
    served wines other.exe i386
    setup 0 "a second one" --user install --winscard --program=other.exe --program third.exe
    served ours other.exe i386
    served ours "My Bank.exe" i386
    served wines cardinfo.exe i386
    setup 0 "the first again" --user install --winscard --program "MY BANK.EXE"
    has "winscard: unchanged: 64-bit"
    setup 0 "one goes" --user uninstall --winscard --program OTHER.exe
    has "winscard: it stays for My Bank.exe, third.exe"
    served wines other.exe i386
    served ours third.exe i386
    setup 0 "one that has none" --user uninstall --winscard --program nobody.exe
    has "winscard: skipped"
    setup 0 "all, after programs" --user install --winscard
    has "winscard: 64-bit: .* for all programs"
    served ours cardinfo.exe i386
    setup 0 "a program, after all" --user install --winscard --program fourth.exe
    setup 0 "the programs go" --user uninstall --winscard --program third.exe \
        --program "My Bank.exe" --program fourth.exe
    has "winscard: it stays for all programs"
    served ours third.exe i386
    setup 0 "uninstall it alone" --user uninstall --winscard
    has "winscard: 32-bit: removed"
    served wines third.exe
    setup 0 "install" --user install --winscard --program cardinfo.exe
    setup 0 "uninstall" --user uninstall
    compare before
    for name in bank dir/bank.exe 'dir\bank.exe' 'C:bank.exe' 'ba*nk.exe' 'ba"nk.exe' .exe '' \
        "$(printf 'ba\nnk.exe')" "$(printf 'ba\033nk.exe')" "$(printf 'b\344nk.exe')"; do
        setup 2 "a name \"$name\"" --user install --winscard --program "$name"
    done
    setup 2 "a program alone" --user install --program bank.exe
    setup 2 "no status of it" status --winscard
    compare_files before
}

# A prefix of Windows' own 32 bits, where Wine can make one: system32 has the 32-bit files.
scenario_win32()
{
    local place=$work/prefixes/win32 windows=$work/prefixes/win32/drive_c/windows
    export WINEARCH=win32 WINEPREFIX=$place layer=$place config=$work/config
    export XDG_CONFIG_HOME=$config
    mkdir -p "$place" "$HOME"
    mount --bind "$place" "$place" # for end_prefix
    if ! wine wineboot -i > "$work/out" 2>&1; then
        grep -q "WINEARCH\|win32" "$work/out"
        check $? "no 32-bit prefix: $(head -n 3 "$work/out")"
        return
    fi
    wineserver -w
    wine 'C:\windows\system32\cmd.exe' /c exit > /dev/null 2>&1
    snapshot before
    setup 0 "install" --user install --winscard
    has "32-bit: *installed in system32" \
        "winscard: 32-bit: winscard.dll scarddlg.dll in system32, for all programs"
    ! grep -q '64-bit' "$work/out"
    check $? "64 bits are told of"
    served ours cardinfo.exe i386
    setup 0 "status" --user status
    has "winscard: *32-bit: programs get this project's"
    in_session "$build/scardssp-setup" doctor > "$work/out" 2> "$work/err" < /dev/null
    check $? "doctor"
    has "32-bit: *the card in .* answers"
    setup 0 "uninstall" --user uninstall
    served wines cardinfo.exe i386
    compare before
}

# ---- what was there before ----

# Overrides of the user's in all forms, and keys of theirs.
scenario_overrides()
{
    new_prefix overrides
    import <<REG
[$overrides\\DllOverrides]
"WinSCard"="builtin"
"other"="native"
[$overrides\\AppDefaults\\bank.exe]
"Version"="winxp"
[$overrides\\AppDefaults\\odd.exe\\DllOverrides]
"winscard"=hex(2):6e,00,61,00,00,00
[$overrides\\AppDefaults\\same.exe\\DllOverrides]
"winscard"="native,builtin"
REG
    snapshot before
    setup 0 "install" --user install --winscard
    has "override: warning: winscard=builtin in HKCU.Software.Wine.DllOverrides was there before"
    served ours cardinfo.exe
    setup 0 "programs" --user install --winscard --program bank.exe --program odd.exe \
        --program same.exe
    has 'override: warning: winscard=na in HKCU.Software.Wine.AppDefaults.odd.exe.DllOverrides'
    ! grep -q same.exe.DllOverrides "$work/out"
    check $? "an override like ours is warned of"
    served ours odd.exe
    setup 0 "uninstall" --user uninstall
    compare before
    # What they change or add since stays.
    setup 0 "install" --user install --winscard --program bank.exe
    import <<REG
[$overrides\\AppDefaults\\bank.exe\\DllOverrides]
"winscard"="builtin,native"
"mine"="native"
REG
    setup 0 "uninstall" --user uninstall
    has "override: warning: winscard in HKCU.*bank.exe.DllOverrides was changed since"
    registry_now now
    grep -A 3 'AppDefaults\\\\bank.exe\\\\DllOverrides' "$work/user.now" > "$work/out"
    has '"winscard"="builtin,native"' '"mine"="native"'
}

# A native DLL of somebody else's is not to be brought into use or replaced by accident.
scenario_foreign()
{
    local dir
    new_prefix foreign
    echo "a stub DLL" > "$windows/syswow64/winscard.dll"
    chmod 640 "$windows/syswow64/winscard.dll"
    snapshot before
    setup 1 "over a stub" --user install --winscard
    has "winscard: FAILED: .*syswow64/winscard.dll is somebody else's DLL" "let --force replace it"
    has "64-bit: *installed" "32-bit: *installed"
    cmp -s "$build/x86_64-windows/winscard.dll" "$windows/system32/winscard.dll"
    [ $? = 1 ]
    check $? "one width was placed, and the override would serve the stub to the other"
    setup 0 "by force" --user --force install --winscard
    served ours cardinfo.exe
    setup 0 "uninstall" --user uninstall
    has "winscard: 32-bit: .* the file before it is back"
    compare before
    # A link, as some launchers put into prefixes: the file behind it is not written.
    for dir in system32 syswow64; do
        mv "$windows/$dir/winscard.dll" "$WINEPREFIX/$dir.dll"
        ln -s "$WINEPREFIX/$dir.dll" "$windows/$dir/winscard.dll"
    done
    snapshot links
    setup 0 "links" --user --force install --winscard
    served ours cardinfo.exe
    setup 0 "uninstall" --user uninstall
    compare links
}

# Somebody replaced ours since; and a copy by hand.
scenario_replaced()
{
    new_prefix replaced
    snapshot before
    setup 0 "install" --user install --winscard
    echo "a vendor's" > "$windows/system32/winscard.dll"
    setup 1 "uninstall" --user uninstall
    has "winscard: FAILED: .*system32/winscard.dll was replaced since" "winscard: 32-bit: removed"
    [ "$(cat "$windows/system32/winscard.dll")" = "a vendor's" ]
    check $? "the vendor's DLL is gone"
    setup 0 "uninstall by force" --user --force uninstall
    compare before
    cp "$build/x86_64-windows/winscard.dll" "$windows/system32/"
    cp "$build/i386-windows/winscard.dll" "$windows/syswow64/"
    setup 0 "uninstall by force, of copies" --user --force uninstall --winscard
    has "winscard: 64-bit: removed from system32; Wine's own is back"
    compare before
}

# ---- other versions ----

# A copy of the build whose files can be changed.
another_build()
{
    rm -rf "$work/another"
    mkdir -p "$work/another"
    cp -r "$build"/{x86_64,i386}-windows "$build"/*-unix "$work/another/"
    cp "$build"/scardssp-{machine,pe} "$work/another/"
}

scenario_versions()
{
    local dir
    new_prefix versions
    snapshot before
    another_build
    export SCARDSSP_DIR=$work/another
    of_version 0.9.9 "$work/another/x86_64-windows/winscard.dll" &&
        of_version 0.0.9 "$work/another/i386-windows/scardssp.dll"
    check $? "the versions cannot be changed"
    setup 1 "mixed versions" --user install --winscard
    has "winscard: FAILED: .*system32/scardssp.dll is version $built, and .* is 0.9.9" \
        "winscard: FAILED: .*syswow64/scardssp.dll is version 0.0.9, and .* is $built"
    placed 1
    setup 0 "uninstall" --user uninstall
    compare before
    # The same version, without a function: a build in between.
    another_build
    without_function "$work/another/x86_64-windows/scardssp.dll"
    setup 1 "a function less" --user install --winscard
    has "winscard: FAILED: .*they do not fit together" "winscard: 32-bit: winscard.dll"
    served ours cardinfo.exe i386
    setup 0 "uninstall" --user uninstall
    unset SCARDSSP_DIR
    compare before
    # One in Wine's own directory comes before ours.
    dir=$(wine_directory)
    cp "$build/x86_64-windows/scardssp.dll" "$dir/x86_64-windows/"
    of_version 0.0.8 "$dir/x86_64-windows/scardssp.dll"
    check $? "the version cannot be changed"
    setup 1 "an old one in Wine's directory" --user install --winscard
    has "winscard: FAILED: $dir/x86_64-windows/scardssp.dll is version 0.0.8"
    setup 0 "uninstall" --user uninstall
    rm "$dir/x86_64-windows/scardssp.dll"
    # One width only.
    another_build
    rm -r "$work/another/i386-windows" "$work/another/i386-unix"
    export SCARDSSP_DIR=$work/another
    setup 1 "built for one width" --user install --winscard
    has "32-bit: *FAILED" "winscard: 64-bit: winscard.dll"
    served ours cardinfo.exe x86_64
    served wines cardinfo.exe i386
    setup 0 "uninstall" --user uninstall
    rm "$work/another/x86_64-windows/winscard.dll"
    cp -r "$build"/i386-{windows,unix} "$work/another/"
    setup 1 "without the file" --user install --winscard
    has "winscard: FAILED: .*x86_64-windows/winscard.dll is missing"
    setup 0 "uninstall" --user uninstall
    unset SCARDSSP_DIR
    compare before
}

# ---- Wine's updates ----

# What the prefix has of Wine's; wineboot writes thousands of other files, which are not ours.
own_dlls()
{
    (
        cd "$windows" && stat -c '%n %a' {system32,syswow64}/{winscard,scarddlg}.dll &&
            sha256sum {system32,syswow64}/{winscard,scarddlg}.dll
        [ ! -e "$WINEPREFIX/.scardssp-setup" ] || echo .scardssp-setup
    ) 2>&1
}

# undone NAME: those, and the user's registry, are as by own_dlls and registry_now of that name
undone()
{
    own_dlls | diff "$work/own.$1" - > "$work/out"
    check $? "Wine's DLLs are not as they were"
    registry_now now
    diff "$work/user.$1" "$work/user.now" > "$work/out"
    check $? "the user's registry is not as it was"
}

scenario_wineboot()
{
    new_prefix wineboot
    own_dlls > "$work/own.before"
    registry_now before
    setup 0 "install" --user install --winscard
    in_session wine wineboot -u > "$work/out" 2>&1
    check $? "wineboot -u"
    wineserver -w
    placed 0
    served ours cardinfo.exe
    setup 0 "uninstall" --user uninstall --winscard
    served wines cardinfo.exe
    setup 0 "uninstall" --user uninstall
    undone before
    # Wine's own there again, as after an upgrade of a Proton.
    setup 0 "install" --user install --winscard
    install -m 644 "$(wine_directory)/x86_64-windows/winscard.dll" "$windows/system32/"
    served wines cardinfo.exe x86_64
    setup 0 "install again" --user install
    served ours cardinfo.exe x86_64
    setup 0 "uninstall" --user uninstall
    undone before
}

# ---- interrupted ----

# interrupted COMMAND PATTERN NUMBER OPTION...: by a Wine that ends scardssp-setup before it runs
# PATTERN for the NUMBERth time
interrupted()
{
    local command=$1 pattern=$2 number=$3 wanted=1
    shift 3
    rm -f "$work/count"
    wine_that "$pattern" "echo x >> '$work/count'
    [ \"\$(wc -l < '$work/count')\" != $number ] || { kill -TERM \$setup; exit 1; }"
    # An install is taken back, an uninstall goes on to its end.
    [ "$command" = install ] || wanted=0
    WINE=$work/wine WINESERVER=wineserver setup $wanted \
        "$command, interrupted at $pattern $number" --user "$command" "$@"
    [ $wanted = 0 ] || has "FAILED: interrupted; it is as it was before"
    wineserver -w
}

# The next run mends it, be it install or uninstall.
scenario_interrupted()
{
    local step
    new_prefix interrupted
    snapshot before
    for step in look set; do
        interrupted install "--overrides?$step" 1 --winscard --program cardinfo.exe
        compare before
        served wines cardinfo.exe
        setup 0 "uninstall after $step" --user uninstall
        compare before
        interrupted install "--overrides?$step" 1 --winscard --program cardinfo.exe
        setup 0 "install after $step" --user install --winscard --program cardinfo.exe
        served ours cardinfo.exe
        setup 0 "uninstall" --user uninstall
        compare before
    done
    setup 0 "install" --user install --winscard
    interrupted uninstall "--overrides?restore" 1
    compare before
    # Between the overrides and the files, and between the files and the rest.
    setup 0 "install" --user install --winscard
    interrupted uninstall "--registry?end" 1
    compare before
    setup 0 "install" --user install --winscard
    interrupted uninstall "regsvr32" 1
    served wines cardinfo.exe
    compare before
}

# What is kept of the overrides is damaged: nothing is done by it.
scenario_damaged()
{
    local kept
    new_prefix damaged
    snapshot before
    setup 0 "install" --user install --winscard --program bank.exe
    kept=$WINEPREFIX/.scardssp-setup
    cp "$kept/overrides" "$work/kept"
    printf 'value\tDrivers\twinscard\tabsent\n' >> "$kept/overrides"
    setup 1 "uninstall by a key that is none of them" --user uninstall
    has "winscard: FAILED: nothing is undone: .*what is kept of the overrides is damaged"
    served ours bank.exe
    cp "$work/kept" "$kept/overrides"
    head -c 60 "$kept/manifest" > "$work/part"
    cp "$work/part" "$kept/manifest"
    setup 1 "uninstall by a part" --user uninstall
    has "manifest is damaged"
    setup 0 "uninstall by force" --user --force uninstall
    has "winscard: 64-bit: .*the file before it is back"
    compare before
}

# ---- what is told ----

scenario_status()
{
    new_prefix status
    setup 3 "status of nothing" --user status
    has "winscard: *64-bit: programs get Wine's own" "winscard: *32-bit: programs get Wine's own"
    setup 0 "install" --user install --winscard --program "My Bank.exe"
    setup 0 "status" --user status
    has "winscard: *64-bit: programs get Wine's own" \
        "winscard: *32-bit: My Bank.exe gets this project's, by winscard=native,builtin in HKCU"
    setup 0 "install for all" --user install --winscard
    setup 0 "status for all" --user status
    has "winscard: *32-bit: programs get this project's, by winscard=native,builtin in HKCU"
    # Of WINEDLLOVERRIDES install and status know, too.
    WINEDLLOVERRIDES="winscard=b" setup 0 "status under another override" --user status
    has "winscard: *warning: programs should get .*/winscard.dll, and get Wine's own, by \
winscard=b in WINEDLLOVERRIDES"
    WINEDLLOVERRIDES="winscard=b" setup 0 "install under another override" --user install --winscard
    has "winscard: *warning: programs should get .*winscard=b in WINEDLLOVERRIDES"
    of_version 0.0.9 "$windows/syswow64/winscard.dll"
    check $? "the version cannot be changed"
    setup 0 "status of an old one" --user status
    has "winscard: *warning: .*syswow64/winscard.dll is version 0.0.9, and leads to .*$built" \
        "to do: run scardssp-setup install"
    setup 0 "install" --user install
    cp "$(wine_directory)/x86_64-windows/winscard.dll" "$windows/system32/"
    setup 0 "status of what Wine has put there" --user status
    has "winscard: *warning: .*system32/winscard.dll is no longer this project's"
    in_session "$build/scardssp-setup" doctor > "$work/out" 2> "$work/err" < /dev/null
    check $? "doctor"
    has "64-bit: *warning: .*system32/winscard.dll is no longer this project's" \
        "32-bit: *programs get this project's winscard.dll"
    setup 0 "status as JSON" --json status
    json "[r for r in data['results'] if r['part'] == 'winscard' and r['state'] == 'warning']"
}

case $# in
0) several whole program win32 overrides foreign replaced versions wineboot interrupted damaged \
    status ;;
1) one "$1" ;;
*) several "$@" ;;
esac

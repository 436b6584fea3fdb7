#!/bin/bash
# scardssp-setup doctor: every link broken once, and nothing else; inside tools/rig (card iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] [--wine 10|old] tests/setup/doctor.sh [PATTERN]
# PATTERN selects cases by their titles. What has two widths is broken in the rig's only.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
pattern=${1:-*}
. "$top/tests/rig/lib.sh"

part=$SCARDSSP_BITS-bit
request=$top/tests/rig/request
export WINEDEBUG=-all HOME=$work/home XDG_CONFIG_HOME=$work/config
mkdir -p "$HOME"

. "$top/tests/setup/doctortest.sh"
. "$top/tests/setup/versions.sh"

# ---- the prefix ----

put_dlls()
{
    cp "$build/x86_64-windows/scardssp.dll" "$WINEPREFIX/drive_c/windows/system32/"
    cp "$build/i386-windows/scardssp.dll" "$WINEPREFIX/drive_c/windows/syswow64/"
}

old=no
[ ! -d /usr/lib/i386-linux-gnu/wine/i386-unix ] || old=yes

# run BITS PROGRAM ARGS...: a program of Wine's
run()
{
    local bits=$1 program=$2
    shift 2
    case $bits in
    32) wine "C:\\windows\\syswow64\\$program" "$@" ;;
    *) wine64 "C:\\windows\\system32\\$program" "$@" ;;
    esac > /dev/null 2>&1
}

# register BITS [/u]
register()
{
    local dir=system32
    [ "$1" = 64 ] || dir=syswow64
    run "$1" regsvr32.exe /s ${2:-} "C:\\windows\\$dir\\scardssp.dll"
}

reg()
{
    run "$SCARDSSP_BITS" reg.exe "$@" || echo "reg $* failed"
}

# library NAME: the build under another name, so that one of its directories can be another
library()
{
    local folder
    mkdir "$work/$1"
    for folder in x86_64-windows i386-windows x86_64-unix i386-unix; do
        ln -s "$build/$folder" "$work/$1/"
    done
    WINEDLLPATH=$work/$1${wine_dlls:+:$wine_dlls}
}

# half NAME: the unix halves of the library NAME are tests/setup's NAME
half()
{
    local unix
    library "$1"
    for unix in x86_64-unix i386-unix; do
        rm "$work/$1/$unix"
        mkdir "$work/$1/$unix"
        [ -d "$build/tests/setup/$unix" ] || continue
        cp "$build/tests/setup/$unix/$1.so" "$work/$1/$unix/scardssp.so"
    done
}

dll()
{
    echo "$WINEPREFIX/drive_c/windows/$system/scardssp.dll"
}

# ---- prefix and path ----

case_healthy()
{
    doctor ""
    [ "$(grep -o '"text": "the card in [^"]* answers by COM' "$work/out" | wc -l)" = 2 ]
    check $? "$title: not a card in both widths" "$work/out"
    has "\"state\": \"ok\", \"text\": \"the DLL is in $system, version"
    has "$build/x86_64-unix/scardssp.so"
    has "libpcsclite.so.1"
    ! grep -q '"fix"' "$work/out"
    check $? "$title: a remedy without an illness" "$work/out"
    command -v python3 > /dev/null || return 0
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/out"
    check $? "$title: that is no JSON" "$work/out"
}

case_no_prefix() { doctor "prefix:prefix-missing" --prefix "$work/nowhere"; }

case_foreign_prefix()
{
    mkdir -p "$work/foreign/drive_c/windows/system32"
    : > "$work/foreign/system.reg"
    chown 65534 "$work/foreign"
    doctor "prefix:prefix-foreign" --prefix "$work/foreign"
}

# Root without root's right to look everywhere, as any user is.
case_no_prefix_of_whomever()
{
    : > "$work/file"
    doctor "prefix:prefix-file" --prefix "$work/file"
    mkdir "$work/closed" "$work/others"
    chmod 700 "$work/closed"
    chown 65534 "$work/closed" "$work/others"
    in="setpriv --bounding-set=-dac_override,-dac_read_search"
    doctor "prefix:prefix-closed" --prefix "$work/closed"
    doctor "prefix:prefix-closed" --prefix "$work/closed/below"
    in=
    doctor "prefix:prefix-broken" --prefix "$work/others"
}

case_prefix_that_others_can_change()
{
    chown 65534 "$WINEPREFIX/drive_c/windows"
    doctor "prefix:prefix-others"
    has "others than root can change $WINEPREFIX/drive_c/windows,"
    chown 0 "$WINEPREFIX/drive_c/windows"
}

case_empty_prefix()
{
    mkdir "$work/empty"
    doctor "prefix:prefix-broken" --prefix "$work/empty"
}

case_relative_path() { WINEDLLPATH=build doctor "dll path:path-relative"; }
case_path_unset() { WINEDLLPATH=$wine_dlls doctor "$(of_half path-unset $halves)"; }

case_path_of_next_session()
{
    mkdir -p "$XDG_CONFIG_HOME/environment.d"
    printf '# prefix: %s\nWINEDLLPATH="%s"\n' "$WINEPREFIX" "$build" \
        > "$XDG_CONFIG_HOME/environment.d/60-scardssp.conf"
    WINEDLLPATH=$wine_dlls doctor "$(of_half path-login $halves)"
    rm -r "$XDG_CONFIG_HOME"
}

case_width_missing()
{
    [ -n "$wine_dlls" ] || return 0
    WINEDLLPATH=$build doctor "32-bit:width"
    has "wine32:i386, scardssp-wine:i386"
}

# What the kernel can run is answered by a program of the build, or by one in its place.
machine()
{
    export SCARDSSP_DIR=$work/machine
    [ -d "$work/machine" ] || library machine
    rm -f "$work/machine/scardssp-machine"
    cat > "$work/machine/scardssp-machine" <<SH
#!/bin/sh
case \$1 in
i386-programs) echo $1 ;;
32-bit-code) echo $2 ;;
*) exit 2 ;;
esac
SH
    chmod 755 "$work/machine/scardssp-machine"
}

# half_absent WHY: status tells it in one line.
half_absent()
{
    "$build/scardssp-setup" status > "$work/out" 2> "$work/err"
    has "32-bit:   warning: $1"
    [ "$(grep -c "^32-bit:" "$work/out")" = 1 ]
    check $? "$title: more than one line of it" "$work/out"
}

case_kernel_without_32_bit_code()
{
    local program=$build/tests/com/i386/oldclient.exe
    [ -n "$wine_dlls" ] || return 0
    machine no no
    # Wine's 32-bit part is there, and nothing of it starts.
    mount -t tmpfs -o mode=755 tmpfs "$WINEPREFIX/drive_c/windows/syswow64"
    cp "$build/i386-windows/scardssp.dll" "$WINEPREFIX/drive_c/windows/syswow64/"
    # It is status that tells what a prefix has not, and doctor when a program needs it.
    doctor ""
    ! grep -q "32-bit" "$work/out"
    check $? "$title: the half that is not there is told of" "$work/out"
    doctor "32-bit:kernel-none" "$program"
    has "this kernel runs no 32-bit code" "ia32_emulation=1"
    machine yes no
    doctor "32-bit:kernel-code" "$program"
    has "in 64-bit processes"
    machine yes yes
    doctor "program:program-width" "$program"
    half_absent "this prefix has no 32-bit half"
    has "wine32:i386, scardssp-wine:i386"
    machine unknown unknown
    doctor "program:program-width" "$program"
    WINEDLLPATH=$work/machine
    # No new WoW64 without its DLLs: a 32-bit part would be i386 programs.
    machine no yes
    doctor "32-bit:kernel-programs" "$program"
    machine emulated no
    doctor "program:program-width" "$program"
    machine no no
    half_absent "this kernel runs no 32-bit code"
    umount "$WINEPREFIX/drive_c/windows/syswow64"
    # Where the loader itself is an i386 program.
    printf '#!/bin/sh\necho "exec: /usr/lib/wine/wine: Exec format error" >&2\nexit 126\n' \
        > "$work/i386-wine"
    chmod 755 "$work/i386-wine"
    WINE=$work/i386-wine WINESERVER=wineserver "$build/scardssp-setup" doctor > "$work/out" 2>&1
    has "wine:     FAILED: this kernel runs no i386 programs"
    # What works is not doubted.
    WINEDLLPATH=$rig_path
    doctor ""
    unset SCARDSSP_DIR
}

case_wine_refuses()
{
    WINEARCH=win32 "$build/scardssp-setup" doctor > "$work/out" 2> "$work/err" < /dev/null
    [ $? = 1 ]
    check $? "$title: not exit status 1" "$work/out"
    has "Wine refuses: WINEARCH "
    has "to do: unset WINEARCH"
    ! grep -q "install Wine's" "$work/out"
    check $? "$title: another remedy too" "$work/out"
}

case_wine_that_hangs()
{
    local begin=$SECONDS
    printf '#!/bin/sh\n[ "$1" = --version ] && exec wine "$@"\nexec sleep 100\n' > "$work/hanging"
    chmod 755 "$work/hanging"
    WINE=$work/hanging WINESERVER=wineserver SCARDSSP_SETUP_SECONDS=2 \
        "$build/scardssp-setup" doctor > "$work/out" 2> "$work/err" < /dev/null
    [ $? = 1 ] && [ $((SECONDS - begin)) -lt 60 ]
    check $? "$title: after $((SECONDS - begin)) s" "$work/out"
    has "a program of Wine's did not end within 2 seconds"
    has "wineserver -k"
}

case_no_probe()
{
    mkdir "$work/no-probe"
    SCARDSSP_DIR=$work/no-probe doctor "$(of_both probe-missing)"
}

# ---- the DLL ----

case_dll_missing()
{
    rm "$(dll)"
    doctor "$part:dll-missing"
}

case_dll_of_wrong_width()
{
    rm "$(dll)"
    case $arch in
    i386) cp "$build/x86_64-windows/scardssp.dll" "$(dll)" ;;
    *) cp "$build/i386-windows/scardssp.dll" "$(dll)" ;;
    esac
    doctor "$part:dll-width"
}

case_dll_not_ours()
{
    cp "$build/$arch-windows/scardtool.exe" "$(dll)"
    WINEDLLPATH=$wine_dlls
    case $arch in
    i386) doctor "$(of_half path-unset 64-bit | sed "s/.*:.*/& $part:dll-foreign/
        s/^[^:]*$/$part:dll-foreign &/")" ;;
    *) doctor "$part:dll-foreign $(of_half path-unset 32-bit)" ;;
    esac
}

case_stale_dll()
{
    printf x >> "$(dll)"
    doctor "$part?dll-stale"
    has "the copy in $system, "
    has "scardssp-setup install"
}

case_override_by_environment()
{
    local override rig_overrides=$WINEDLLOVERRIDES
    for override in 'a,scardssp=n;b=' 'SCARDSSP.DLL=native' 'scardssp=' 'scardssp=disabled' \
        '*scardssp=n'; do
        WINEDLLOVERRIDES="$rig_overrides;$override" doctor "$(of_both override)"
        has " in WINEDLLOVERRIDES keeps Wine from"
    done
    WINEDLLOVERRIDES="$rig_overrides;scardssp=b" doctor ""
    WINEDLLOVERRIDES="$rig_overrides;scardssp=n;scardssp=n,b" doctor ""
    # Where it stands, install leaves no DLL: that is not what is to be mended first.
    mv "$WINEPREFIX/drive_c/windows/system32/scardssp.dll" "$work/64.dll"
    mv "$WINEPREFIX/drive_c/windows/syswow64/scardssp.dll" "$work/32.dll"
    WINEDLLOVERRIDES="$rig_overrides;scardssp=n" doctor "$(of_both override)"
    has "scardssp=n in WINEDLLOVERRIDES"
    put_dlls
    WINEDLLOVERRIDES=$rig_overrides
}

case_override_by_registry()
{
    reg add 'HKCU\Software\Wine\DllOverrides' /v '*scardssp' /d native /f
    doctor "$(of_both override)"
    has '*scardssp=native in HKCU'
    reg delete 'HKCU\Software\Wine\DllOverrides' /v '*scardssp' /f
    reg add 'HKCU\Software\Wine\DllOverrides' /v scardssp /d native,builtin /f
    doctor ""
    reg add 'HKCU\Software\Wine\DllOverrides' /v scardssp /d '' /f
    doctor "$(of_both override)"
    has 'scardssp= in HKCU'
    reg delete 'HKCU\Software\Wine\DllOverrides' /f
}

case_not_registered()
{
    register "$SCARDSSP_BITS" /u
    doctor "$part:not-registered"
    register "$SCARDSSP_BITS"
}

case_registered_elsewhere()
{
    local key='HKLM\Software\Classes\CLSID\{1461AAC7-6810-11D0-918F-00AA00C18068}\InprocServer32'
    [ $arch = x86_64 ] || key=${key/CLSID/Wow6432Node\\CLSID}
    reg add "$key" /ve /d 'C:\nowhere.dll' /f
    doctor "$part:class-load"
    has 'C:\\nowhere.dll'
    register "$SCARDSSP_BITS"
}

# ---- the unix half ----

case_half_missing()
{
    library no-half
    rm "$work/no-half/x86_64-unix" "$work/no-half/i386-unix"
    doctor "$(of_half so-missing $halves)"
}

case_half_of_another_program()
{
    half notable
    doctor "$(of_half so-unusable $halves)"
    has "is of another program"
}

case_half_damaged()
{
    local unix
    library damaged
    for unix in x86_64-unix i386-unix; do
        rm "$work/damaged/$unix"
        mkdir "$work/damaged/$unix"
        printf '%01000d' 0 > "$work/damaged/$unix/scardssp.so"
    done
    doctor "$(of_half so-unusable $halves)"
    has "invalid ELF header"
}

case_wine_too_old()
{
    printf '#!/bin/sh\necho "wine-6.0.3 (Debian 6.0.3~repack-1)"\n' > "$work/old-wine"
    chmod 755 "$work/old-wine"
    WINE=$work/old-wine WINESERVER=wineserver doctor "wine:wine-old"
    has "wine-6.0.3 (Debian 6.0.3~repack-1) is older than Wine 7"
}
case_half_of_another_version() { half otherabi; doctor "$(of_half abi $halves)"; }

case_override_and_no_mark()
{
    # What Wine takes for its own loses the mark behind the DOS header.
    head -c 32 /dev/zero | dd of="$(dll)" bs=32 seek=2 conv=notrunc 2> /dev/null
    WINEDLLOVERRIDES="$WINEDLLOVERRIDES;scardssp=n,b" doctor "$(of_half so-native $part)"
}

# ---- pcsc-lite ----

case_library_of_variable()
{
    SCARDSSP_PCSCLITE=/nonexistent doctor "$(of_both pcsclite-variable)"
    has "/nonexistent: cannot open"
}

case_library_missing()
{
    mkdir "$work/damaged"
    echo damaged > "$work/damaged/libpcsclite.so.1"
    LD_LIBRARY_PATH=$work/damaged doctor "$(of_both pcsclite-missing)"
}

case_pcscd_stopped()
{
    "$request" pcscd stop > /dev/null
    doctor "$(of_both socket-missing)"
    has systemctl
    "$request" pcscd start > /dev/null
}

case_socket_of_variable()
{
    PCSCLITE_CSOCK_NAME=/nonexistent doctor "$(of_both socket-variable)"
    PCSCLITE_CSOCK_NAME=/run/pcscd/pcscd.comm doctor ""
}

case_socket_left_behind()
{
    perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die' \
        "$work/left"
    PCSCLITE_CSOCK_NAME=$work/left doctor "$(of_both socket-silent)"
}

# daemon NAME CODE: $work/NAME is a socket whose daemon accepts $peer, and does that with it.
daemon()
{
    perl -MIO::Socket::UNIX -e '
        my $listener = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 100) or die;
        while (my $peer = $listener->accept) { eval $ARGV[1]; die $@ if $@ }' \
        "$work/$1" "$2" &
    daemon=$!
    until [ -S "$work/$1" ]; do sleep 0.05; done
    export PCSCLITE_CSOCK_NAME=$work/$1
}

end_daemon()
{
    kill $daemon
    wait $daemon 2> /dev/null
    unset PCSCLITE_CSOCK_NAME
}

case_daemon_that_never_answers()
{
    local begin=$SECONDS
    daemon silent 'push @kept, $peer'
    export SCARDSSP_TOOL_SECONDS=4
    doctor "$(of_both service-late)"
    has "what listens at $work/silent accepts, and does not answer within 4 seconds"
    [ $((SECONDS - begin)) -lt 90 ]
    check $? "$title: after $((SECONDS - begin)) s"
    for command in readers "apdu 00A4000C023F00" ls "cat 2F00"; do
        wine "$tool" $command > "$work/out" 2>&1
        [ $? = 1 ]
        check $? "$title: $command: not exit status 1" "$work/out"
        has "what listens at $work/silent has not answered for 4 seconds; correct or unset"
    done
    unset SCARDSSP_TOOL_SECONDS
    end_daemon
}

case_daemon_that_stops()
{
    local pid
    pid=$(cat /run/scardssp-rig/pcscd.pid)
    kill -STOP "$pid"
    SCARDSSP_TOOL_SECONDS=4 wine "$tool" readers > "$work/out" 2>&1
    [ $? = 1 ]
    check $? "$title: not exit status 1" "$work/out"
    has "pcscd accepts and has not answered for 4 seconds; run: systemctl restart"
    kill -CONT "$pid"
}

case_daemon_that_closes()
{
    daemon closing 'close $peer'
    doctor "$(of_both service-closes)"
    has "what listens at $work/closing closes every connection at once"
    ! grep -q "by polkit, which" "$work/out"
    check $? "$title: polkit is blamed" "$work/out"
    polkit_says 0
    PATH=$work/polkit:$PATH doctor "$(of_both service-closes)"
    end_daemon
}

# As many connections as pcscd takes.
case_pcscd_that_is_full()
{
    : > "$work/full"
    perl -MIO::Socket::UNIX -e '$| = 1;
        push @kept, IO::Socket::UNIX->new(Peer => "/run/pcscd/pcscd.comm") for 1 .. 210;
        print "full\n"; sleep 600' > "$work/full" &
    # It accepts one after the other.
    until grep -q full "$work/full" &&
        [ "$(grep -c ' 03 [0-9]* /run/pcscd/pcscd.comm$' /proc/net/unix)" -ge 200 ]; do
        sleep 0.1
    done
    doctor "$(of_both service-full)"
    has "pcscd has 200 connections, and takes no more"
    kill $!
    wait $! 2> /dev/null
    sleep 1
    doctor ""
}

case_transport_of_the_setting()
{
    local part
    of_setting=
    for part in $halves; do
        [ -z "$(of_half x $part | grep :)" ] || of_setting="$of_setting $part:transport"
    done
    SCARDSSP_TRANSPORT=winscard doctor "${of_setting# }"
}

# Root without root's right to open everything.
case_socket_without_permission()
{
    chown 65534 /run/pcscd/pcscd.comm
    chmod 600 /run/pcscd/pcscd.comm
    in="setpriv --bounding-set=-dac_override,-dac_read_search"
    doctor "$(of_both socket-permission)"
    in=
    chown 0 /run/pcscd/pcscd.comm
    chmod 666 /run/pcscd/pcscd.comm
}

case_refused_by_polkit()
{
    local unix=x86_64-unix links
    links=$(of_both polkit)
    # In old WoW64 each width needs a library of its own.
    if [ $old = yes ]; then
        [ $arch = x86_64 ] || unix=i386-unix
        links=$(of_each polkit pcsclite-variable)
    fi
    polkit_says 1
    SCARDSSP_PCSCLITE=$build/tests/setup/$unix/refusing.so PATH=$work/polkit:$PATH doctor "$links"
    has /etc/polkit-1/rules.d/
    has 'polkit.addRule(function(action, subject) {'
}

# polkit_says STATUS: what a pkcheck in $work/polkit answers
polkit_says()
{
    mkdir -p "$work/polkit"
    printf '#!/bin/sh\nexit %s\n' "$1" > "$work/polkit/pkcheck"
    chmod 755 "$work/polkit/pkcheck"
}

# sandbox FILE: runs what follows in a root directory that has FILE
sandbox()
{
    local entry root=$work/root
    mkdir -p "$root"
    mount -t tmpfs tmpfs "$root"
    for entry in /*; do
        if [ -L "$entry" ]; then
            cp -P "$entry" "$root/"
        elif [ "$entry" = /run ]; then
            mkdir "$root/run" "$root/run/pcscd" "$root/run/scardssp-rig"
            mount --rbind /run/scardssp-rig "$root/run/scardssp-rig"
        elif [ -d "$entry" ]; then
            mkdir "$root$entry"
            mount --rbind "$entry" "$root$entry"
        fi
    done
    mkdir -p "$(dirname "$root$1")"
    case $1 in
    */) mkdir "$root$1" ;;
    *) : > "$root$1" ;;
    esac
    shift
    chroot "$root" "$@"
}
export -f sandbox

case_flatpak()
{
    export work
    in=in_flatpak doctor "$(of_both socket-flatpak)"
    in=in_steam doctor "$(of_both socket-steam)"
}

in_flatpak() { unshare --mount bash -c 'sandbox "$@"' - /.flatpak-info "$@"; }
in_steam() { unshare --mount bash -c 'sandbox "$@"' - /run/pressure-vessel/ "$@"; }

# ---- reader and card ----

case_no_reader()
{
    "$request" pcscd stop > /dev/null
    "$request" pcscd start without-readers > /dev/null
    doctor "$(of_both no-reader)"
    "$request" pcscd restart > /dev/null
}

case_no_card()
{
    "$request" card eject > /dev/null
    doctor "$(of_both no-card)"
    has "Virtual PCD 00 00, Virtual PCD 00 01"
    "$request" card insert > /dev/null
}

case_card_of_another_program()
{
    "$request" connect-exclusive-by-other $((10000 * ${SCARDSSP_TEST_SLOW:-1})) > /dev/null
    doctor "$(of_both card-shared)"
    "$request" wait-others > /dev/null
}

# pcscd gives two codes for it, by what it tried last.
case_card_that_is_mute()
{
    local code
    "$request" reader ifd > /dev/null
    "$request" card mute yes > /dev/null
    "$request" card eject > /dev/null
    "$request" card insert > /dev/null
    doctor "$(of_both card-mute)"
    has "the card in Scardssp Pad 00 00 does not answer"
    has "turn it round"
    wine "$tool" readers > "$work/out" 2>&1
    has "the card does not answer; clean it, or turn it round"
    ! grep -q "it failed" "$work/out"
    check $? "$title: the reason is not told" "$work/out"
    "$request" card mute no > /dev/null
    "$request" reader vpcd > /dev/null
    for code in 66 67; do
        # Whichever this pcscd says.
        (facts=$work/mute part=x broken_links='' prefix='' readers='' json=0 quiet=1 failures=0
            printf 'reader.0=R\ncard.0=0x801000%s\n' $code > "$facts"
            setup_lib=$build/setup-lib
            . "$build/setup-lib/output.sh"
            . "$build/setup-lib/texts.sh"
            . "$build/setup-lib/doctor.sh"
            card_answers > /dev/null || [ "${broken_links#*card-mute}" != "$broken_links" ])
        check $? "$title: 801000$code is another link"
    done
}

# ---- programs ----

case_program()
{
    title="a client of scardssp"
    doctor "" "$build/tests/com/$arch/oldclient.exe"
    has "oldclient.exe needs scardssp: CSCard "
    [ "$(grep -o '"part": "..-bit"' "$work/out" | sort -u)" = "\"part\": \"$part\"" ]
    check $? "$title: the other width was looked at" "$work/out"
    title="a program by its Windows name"
    cp "$build/tests/com/$arch/oldclient.exe" "$WINEPREFIX/drive_c/old client.exe"
    doctor "" 'C:\old client.exe'
    has "old client.exe needs scardssp: CSCard "
    title="a program that is none"
    doctor "program:program-refused" "$top/README.md"
    doctor "program:program-refused" "$work/nowhere.exe"
    has "there is no such file"
    printf MZ > "$work/stub.exe"
    doctor "program:program-refused" "$work/stub.exe"
    has "it is no 32-bit or 64-bit program"
    title="a program cut off"
    head -c 300 "$build/tests/com/$arch/oldclient.exe" > "$work/cut.exe"
    doctor "program:program-refused" "$work/cut.exe"
    title="a program without smart cards"
    doctor "program?program-nothing" "$WINEPREFIX/drive_c/windows/$system/regsvr32.exe"
    has "names no smart card DLL"
}

case_program_over_winscard()
{
    local wanted=program:program-winscard
    [ "$wine_version" -lt 9 ] || wanted=
    [ $old$arch = yesi386 ] && wanted=program:program-wow
    doctor "${wanted:+$wanted }program?program-dialog" \
        "$build/tests/setup/programs/$arch/needs.exe"
    has "needs.exe calls winscard.dll"
    has "install --winscard --program 'needs.exe'"
    has "needs.exe calls scarddlg.dll"
    title="a build without scarddlg.dll"
    library without
    rm "$work/without/$arch-windows"
    mkdir "$work/without/$arch-windows"
    cp "$build/$arch-windows/"{scardssp.dll,winscard.dll,scardssp-probe.exe} \
        "$work/without/$arch-windows/"
    ln -s "$build/scardssp-machine" "$work/without/"
    SCARDSSP_DIR=$work/without doctor "${wanted:+$wanted }program?program-scarddlg" \
        "$build/tests/setup/programs/$arch/needs.exe"
}

# ---- the service that programs ask Windows for ----

# Whether this Wine has a service SCardSvr of its own.
wines_service()
{
    grep -qi '^AddService=scardsvr,' /usr/share/wine/wine.inf
}

# service COMMAND: install or remove, where Wine has none
service()
{
    wines_service || wine64 "$build/x86_64-windows/scardssp-probe.exe" --scardsvr "$1" \
        > "$work/service" 2>&1
    check $? "$title: --scardsvr $1" "$work/service"
}

put_service()
{
    ! wines_service || return 0
    cp "$build/x86_64-windows/scardsvr.exe" "$WINEPREFIX/drive_c/windows/system32/"
    cp "$build/i386-windows/scardsvr.exe" "$WINEPREFIX/drive_c/windows/syswow64/"
    service install
}

# On a busy machine it may only be about to run when it is asked to stop.
stop_service()
{
    local tries
    for tries in 1 2 3 4 5; do
        run 64 net.exe stop SCardSvr
        service look
        ! tr -d '\r' < "$work/service" | grep -qx 'scardsvr.state=1' || return 0
        sleep 1
    done
}

case_service()
{
    local asks=$build/tests/setup/$arch/scardsvr.exe
    if wines_service; then
        doctor ""
        has "SCardSvr is Wine's own, and stopped until a program starts it"
        doctor "program?program-service" "$asks"
        has "scardsvr.exe names that service; SCardSvr is Wine's own, and stopped"
        return
    fi
    doctor "" "$asks"
    has "scardsvr.exe names the service SCardSvr"
    has "SCardSvr is this project's, and runs"
    title="a service that was stopped"
    stop_service
    doctor "service?scardsvr-stopped"
    title="no service"
    service remove
    doctor "service?scardsvr-missing"
    service install
}

# ---- which winscard.dll ----

forwarder()
{
    echo "$WINEPREFIX/drive_c/windows/$system/winscard.dll"
}

# ours PROGRAM|all: our winscard.dll, and the override by which it is taken
ours()
{
    native_key='HKCU\Software\Wine\DllOverrides'
    [ "$1" = all ] || native_key="HKCU\\Software\\Wine\\AppDefaults\\$1\\DllOverrides"
    [ -f "$work/winscard.own" ] || cp "$(forwarder)" "$work/winscard.own"
    cp --remove-destination "$build/$arch-windows/winscard.dll" "$(forwarder)"
    reg add "$native_key" /v winscard /d native,builtin /f
}

wines()
{
    cp --remove-destination "$work/winscard.own" "$(forwarder)"
    reg delete "$native_key" /v winscard /f
}

case_program_over_our_winscard()
{
    local needs=$build/tests/setup/programs/$arch/needs.exe
    local dialog="program?program-dialog"
    ours needs.exe
    doctor "$dialog" "$needs"
    has "needs.exe calls winscard.dll, and gets this project's, by winscard=native,builtin in \
HKCU\\\\Software\\\\Wine\\\\AppDefaults\\\\needs.exe"
    title="another program, under the same name's override"
    cp "$needs" "$work/other.exe"
    "$build/scardssp-setup" doctor "$work/other.exe" > "$work/out" 2>&1
    ! grep -q "other.exe calls winscard.dll, and gets this" "$work/out"
    check $? "$title: it gets ours" "$work/out"
    title="an override of the environment before ours"
    WINEDLLOVERRIDES="$WINEDLLOVERRIDES;winscard=b" "$build/scardssp-setup" doctor "$needs" \
        > "$work/out" 2>&1
    ! grep -q "gets this project's" "$work/out"
    check $? "$title: it gets ours" "$work/out"
    if [ "$wine_version" -lt 9 ]; then
        has "and the override winscard=b in WINEDLLOVERRIDES gives it Wine's own, which fails"
    fi
    title="somebody else's beside the program"
    mkdir "$work/beside"
    cp "$needs" "$work/beside/"
    cp "$build/$arch-windows/scardssp.dll" "$work/beside/WinSCard.DLL"
    dd if=/dev/zero of="$work/beside/WinSCard.DLL" bs=32 seek=2 count=1 conv=notrunc 2> /dev/null
    doctor "program?program-other $dialog" "$work/beside/needs.exe"
    has "gets somebody else's, $work/beside/WinSCard.DLL"
    wines
}

case_our_winscard()
{
    ours all
    doctor ""
    has "programs get this project's winscard.dll, by winscard=native,builtin in"
    title="without its override"
    reg delete "$native_key" /v winscard /f
    doctor "$part?forwarder-unused"
    reg add "$native_key" /v winscard /d native,builtin /f
    title="another version"
    of_version 0.0.9 "$(forwarder)"
    check $? "the version cannot be changed"
    doctor "$part?forwarder-version"
    has "is version 0.0.9, and leads to"
    title="a function that is missing"
    cp --remove-destination "$build/$arch-windows/winscard.dll" "$(forwarder)"
    without_function "$(dll)"
    doctor "$part:forwarder-broken"
    wines
}

case_override_of_the_program()
{
    local key='HKCU\Software\Wine\AppDefaults\oldclient.exe\DllOverrides'
    reg add "$key" /v '*scardssp' /d native /f
    doctor "override?override-program"
    has "the override of scardssp in ${key//\\/\\\\} keeps"
    rm "$(dll)"
    doctor "$part:override" "$build/tests/com/$arch/oldclient.exe"
    put_dlls
    doctor "$part:override" "$build/tests/com/$arch/oldclient.exe"
    reg delete 'HKCU\Software\Wine\AppDefaults\oldclient.exe' /f
}

case_usage()
{
    "$build/scardssp-setup" doctor a b > /dev/null 2> "$work/err"
    [ $? = 2 ]
    check $? "two programs: not exit status 2" "$work/err"
    "$build/scardssp-setup" doctor > "$work/out" 2> "$work/err"
    check $? "doctor in words" "$work/out"
    has "64-bit:   the card in"
    "$build/scardssp-setup" -q doctor > "$work/out" 2>&1
    [ ! -s "$work/out" ]
    check $? "doctor -q says something" "$work/out"
}

new_prefix doctor
put_dlls
register 64
register 32
title=before
put_service
for case in $(declare -F | sed -n 's/^declare -f case_//p'); do
    # shellcheck disable=SC2254 # it is a pattern
    case $case in $pattern) ;; *) continue ;; esac
    title=${case//_/ }
    rig_path=$WINEDLLPATH
    "case_$case"
    WINEDLLPATH=$rig_path
    rm -f "$(dll)"
    put_dlls
done
title=afterwards
doctor ""
finish

# Where the kernel runs no i386 programs QEMU runs them, by binfmt_misc.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source after common.sh and packages.sh, with $builddir set to a build that has scardssp-machine.

emulated=

# runs i386-programs|32-bit-code: whether this machine does that by itself. What cannot be tried
# counts as yes: what needs it then tells why it fails.
runs()
{
    case $("$builddir/scardssp-machine" "$1") in
    no | emulated) return 1 ;;
    esac
}

# qemu_version FILE: its number before the first dot; empty where it does not run.
qemu_version()
{
    "$1" --version 2> /dev/null | sed -n 's/^qemu-i386 version \([0-9]*\).*/\1/p'
}

# qemu_fits FILE
qemu_fits()
{
    local version
    version=$(qemu_version "$1")
    [ "${version:-0}" -ge 10 ] && return 0
    say "QEMU ${version:-(of no version)} is too old for Wine's 32-bit programs, which hang in" \
        "it: 10 or later is needed, Debian 13's package qemu-user has it"
    return 1
}

# make_qemu DIR: its i386 emulator, one static file. Wants nothing of the system's apt.
make_qemu()
{
    with_progress "downloading QEMU (once)" "megabytes_in '$1' 130" \
        download_deb "$1" trixie qemu-user "$cache/qemu-i386.log" || return 1
    dpkg-deb --fsys-tarfile "$1"/qemu-user_*.deb | tar -x -C "$1" ./usr/bin/qemu-i386 || return 1
    mv "$1/usr/bin/qemu-i386" "$1/"
    rm -rf "${1:?}/usr" "$1"/qemu-user_*.deb
    qemu_fits "$1/qemu-i386"
}

# Sets $emulated to the command that goes before another, to run it and its i386 programs; empty
# where the kernel runs them. Nobody else's programs are changed by it where the kernel allows.
setup_emulation()
{
    local qemu=$cache/qemu-i386/qemu-i386 way
    emulated=
    ! runs i386-programs || return 0
    [ ! -e "$qemu" ] || qemu_fits "$qemu" || rm -rf "$cache/qemu-i386"
    make_once "$cache/qemu-i386" make_qemu || {
        say "QEMU cannot be had, and without it no i386 program runs here; the messages above say" \
            "why"
        return 1
    }
    for way in ${SCARDSSP_TEST_BINFMT:-private shared}; do
        emulated="$top/tools/lib/emulated $way $qemu"
        # What a rig does there: namespaces, a layer over a directory, an i386 program.
        [ "$($emulated unshare --mount --net --pid --fork --mount-proc "$top/tools/lib/emulated" \
            try "$builddir/scardssp-machine" 2> /dev/null)" = emulated ] && return 0
    done
    emulated=
    say "this kernel runs no i386 programs, and QEMU cannot be told to run them:" \
        "binfmt_misc cannot be mounted here. In a container: start it with the right to" \
        "(docker run --privileged), or run this outside; else 64-bit programs only (--bits 64)"
    return 1
}

# how_32_runs: one line on it, for people.
how_32_runs()
{
    local by="32-bit programs are emulated by QEMU"
    [ -z "$emulated" ] || by="$by $(qemu_version "$cache/qemu-i386/qemu-i386")"
    if runs i386-programs; then
        if [ -n "$emulated" ]; then
            echo "$by, as asked"
        else
            echo "this kernel runs 32-bit programs"
        fi
    elif runs 32-bit-code; then
        echo "this kernel runs 32-bit code, but no i386 programs${emulated:+: $by}"
    else
        echo "this kernel runs no 32-bit code${emulated:+: $by}"
    fi
}

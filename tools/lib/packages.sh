# Debian packages that building and testing need.
# SPDX-License-Identifier: LGPL-2.1-or-later

build_packages="autoconf automake make gcc libc6-dev gcc-mingw-w64-i686 gcc-mingw-w64-x86-64
    g++-mingw-w64-i686 g++-mingw-w64-x86-64 wine64-tools libwine-dev libpcsclite-dev pkg-config"
# Without these the i386 unix half, or a part of the tests, is left out.
optional_packages="gcc-multilib"
test_packages="wine wine64 pcscd vsmartcard-vpcd opensc iproute2 util-linux procps xz-utils
    debootstrap xvfb xauth imagemagick libcacard-dev libnss3-tools fonts-wqy-zenhei
    socat python3"
fuzz_packages="clang-14 libclang-rt-14-dev libpcsclite-dev pkg-config"

missing_packages()
{
    local package
    for package; do
        dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2> /dev/null | grep -q '^ii' ||
            echo "$package"
    done
}

# apt_retry ARGS...: mirrors lag and connections break; three tries, with fresh lists between them.
apt_retry()
{
    local try
    for try in 1 2 3; do
        DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" > /dev/null &&
            return 0
        say "apt-get $1 failed (try $try of 3)"
        sleep $((try * 5))
        apt-get -qq update || :
    done
    return 1
}

# mirror_refused LOG: true when apt or debootstrap failed for want of an answer from the mirror, not
# by a fault of ours; prints what the mirror said. Tests that need it are then skipped.
mirror_refused()
{
    local said
    said=$(tr -s ' ' < "$1" | grep -iE -m 3 -e '[ :](40[0-9]|50[0-9]) [A-Z]' \
        -e 'could not (resolve|connect)|unable to connect|temporary failure resolving' \
        -e 'connection (failed|refused|timed out)|failed getting release|hash sum mismatch' \
        -e 'unable to locate package|unmet dependencies|not installable') || return 1
    say "the mirror refused: $said"
}

# The Debian mirror that this system's own apt uses.
debian_mirror()
{
    sed -n -e 's/^URIs: *\([^ ]*\).*/\1/p' -e 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' \
        /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list \
        2> /dev/null | grep -m 1 '/debian/*$' || echo http://deb.debian.org/debian
}

# install_packages PACKAGE...: only what is missing.
install_packages()
{
    local missing
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return 0
    [ "$(id -u)" = 0 ] ||
        die "these packages are missing, and only root can install them:" $missing
    say "installing" $missing
    apt-get -qq update || say "apt-get update failed; trying with the lists that are here"
    apt_retry install -y --no-install-recommends $missing
}

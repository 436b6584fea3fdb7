# Debian packages that building and testing need.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source after common.sh.

. "$top/tools/lib/progress.sh"

# The products: of either width, and what one width needs beside that.
build_packages="autoconf automake make gcc libc6-dev wine64-tools libwine-dev libpcsclite-dev
    pkg-config"
build32_packages="gcc-mingw-w64-i686"
build64_packages="gcc-mingw-w64-x86-64"
# Without these the i386 unix half, and what setup says in other languages, are left out.
optional_packages="gcc-multilib gettext"
# What tools/rig runs.
rig_packages="wine wine64 pcscd vsmartcard-vpcd iproute2 util-linux procps"
# What tests need beside these.
test_packages="$rig_packages g++-mingw-w64-i686 g++-mingw-w64-x86-64 opensc xz-utils debootstrap
    xvfb xauth imagemagick libcacard-dev libnss3-tools fonts-wqy-zenhei socat python3 zip
    clang-format shellcheck mandoc codespell man-db libxml2-utils gettext-base locales"
# Without these the samples in C# and Delphi are not compiled, which counts as skipped.
sample_packages="mono-mcs fp-compiler fp-units-rtl"
# Without these some of tools/lib/check-packaging is not done, which counts as skipped.
packaging_packages="rpm debhelper lintian makepkg libarchive-tools"
# What tools/clients builds with.
client_packages="xz-utils bzip2 libtool autoconf automake make gcc libc6-dev libpcsclite-dev
    pkg-config gcc-mingw-w64-i686 gcc-mingw-w64-x86-64"
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
    say "it is needed once, then the cache has it: try again when $(debian_mirror) can be reached" \
        "(apt's proxy settings apply)"
}

# The Debian mirror that this system's own apt uses.
debian_mirror()
{
    sed -n -e 's/^URIs: *\([^ ]*\).*/\1/p' -e 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' \
        /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list \
        2> /dev/null | grep -m 1 '/debian/*$' || echo http://deb.debian.org/debian
}

# download_deb DIR SUITE PACKAGE LOG [APT-OPTION...]: the package's file into DIR, by an apt of its
# own, so that the system's stays as it is.
download_deb()
{
    download deb download "$@"
}

# download_source DIR SUITE PACKAGE LOG [APT-OPTION...]: the same for the upstream archive of a
# source package.
download_source()
{
    download deb-src "source --download-only --tar-only" "$@"
}

# download KIND COMMAND DIR SUITE PACKAGE LOG [APT-OPTION...]
download()
{
    local kind=$1 command=$2 dir=$3 apt=$3/apt suite=$4 package=$5 log=$6 try
    shift 6
    mkdir -p "$apt/lists/partial"
    echo "$kind $(debian_mirror) $suite main" > "$apt/sources.list"
    set -- -qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::Lists="$apt/lists" -o APT::Sandbox::User=root -o Acquire::Retries=0 "$@"
    for try in 1 2 3; do
        apt-get "$@" update > "$log" 2>&1 &&
            (cd "$dir" && apt-get "$@" $command "$package") >> "$log" 2>&1 && {
            rm -rf "$apt"
            return 0
        }
        say "downloading $package failed (try $try of 3): $(tail -n 1 "$log")"
        sleep $((try * 5))
    done
    mirror_refused "$log" || say "the whole output is in $log"
    return 1
}

# install_packages PACKAGE...: only what is missing.
install_packages()
{
    local missing status
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return 0
    [ "$(id -u)" = 0 ] ||
        die "these packages are missing, and only root can install them:" $missing
    say "installing" $missing
    status=$(mktemp)
    with_progress "installing $(wc -w <<< "$missing") packages" "apt_far $status" \
        install_by_apt "$status" $missing || {
        rm -f "$status"
        return 1
    }
    rm -f "$status"
}

# install_by_apt STATUS PACKAGE...: apt tells in the file STATUS how far it is.
install_by_apt()
{
    local status=$1
    shift
    apt-get -qq -o APT::Status-Fd=3 update 3>> "$status" ||
        say "apt-get update failed; trying with the lists that are here"
    apt_retry install -y --no-install-recommends -o APT::Status-Fd=3 "$@" 3>> "$status"
}

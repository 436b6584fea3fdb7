# A Debian 13 root with Wine 10.0, pcscd 2 and the virtual reader, entered by chroot.
# SPDX-License-Identifier: LGPL-2.1-or-later

trixie_packages="wine wine64 wine32:i386 libpcsclite1 libpcsclite1:i386 pcscd vsmartcard-vpcd
    opensc xauth xvfb dbus polkitd python3 fontconfig fonts-wqy-zenhei"

bootstrap()
{
    debootstrap --variant=minbase --include=ca-certificates trixie "$1" "$(debian_mirror)"
}

# make_trixie DIR: the whole root; mounts of its own go with the namespace. Packages of i386 run
# programs when they are installed.
make_trixie()
{
    install_packages debootstrap || return 1
    with_progress "making a Debian 13 root with Wine 10 (once)" "megabytes_in '$1' 2000" \
            fill_trixie "$1"
}

fill_trixie()
{
    local root=$1 log=$cache/trixie.log try
    for try in 1 2 3; do
        bootstrap "$root" > "$log" 2>&1 && break
        say "debootstrap failed (try $try of 3): $(tail -n 1 "$log")"
        [ $try = 3 ] && { mirror_refused "$log" || :; return 1; }
        rm -rf --one-file-system "$root"
        mkdir "$root"
    done
    # A user namespace, which $emulated may be, mounts the /proc of a pid namespace of its own only,
    # and a directory only with what is mounted in it.
    $emulated unshare --mount --pid --fork --kill-child bash -eu -c '
        root=$1
        shift
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        cp /etc/resolv.conf "$root/etc/" 2> /dev/null || :
        apt-config dump | grep -E "^Acquire::(https?::Proxy|Check)" \
            > "$root/etc/apt/apt.conf.d/80host" || :
        printf "#!/bin/sh\nexit 101\n" > "$root/usr/sbin/policy-rc.d"
        chmod +x "$root/usr/sbin/policy-rc.d"
        export DEBIAN_FRONTEND=noninteractive
        chroot "$root" dpkg --add-architecture i386
        for try in 1 2 3; do
            chroot "$root" apt-get -qq update &&
                chroot "$root" apt-get -qq install -y --no-install-recommends "$@" &&
                exit 0
            sleep $((try * 5))
        done
        exit 1' make-trixie "$root" $trixie_packages > "$log" 2>&1 < /dev/null || {
        say "apt-get install in the Debian 13 root failed: $(tail -n 1 "$log")"
        mirror_refused "$log" || say "the whole output is in $log"
        return 1
    }
    rm -rf "$root"/var/cache/apt/archives/*.deb
}

# enter_trixie ROOT LAYER: inside a rig's namespace, the cached root under a layer that is thrown
# away, as $root. kind 10: new WoW64, so the 32-bit unix half is hidden and the 32-bit DLLs lie
# where the 64-bit Wine finds them, if $widths has them.
enter_trixie()
{
    local lower=$1 layer=$2 place
    root=$layer/root
    mkdir -p "$layer/upper" "$layer/work" "$root"
    mount -t overlay overlay \
        -o "${overlay_options:-}lowerdir=$lower,upperdir=$layer/upper,workdir=$layer/work" "$root"
    if [ "$trixie_kind" = 10 ]; then
        rm -rf "$root/usr/lib/i386-linux-gnu/wine/i386-unix" "$root/usr/lib/wine/wine"
        rm -rf "$root/usr/lib/x86_64-linux-gnu/wine/i386-windows"
        # Without a 32-bit half a new prefix has none, and nothing 32-bit is started.
        [ "$widths" = 64 ] || ln -s /usr/lib/i386-linux-gnu/wine/i386-windows \
            "$root/usr/lib/x86_64-linux-gnu/wine/i386-windows"
    fi
    for place in /proc /dev /run/pcscd "$top" "$builddir" "$cache" /tmp; do
        mkdir -p "$root$place"
        mount --rbind "$place" "$root$place"
    done
    # Last, for it holds the layer itself. Shared, for the prefix is mounted there later.
    mkdir -p "$root/run/scardssp-rig"
    mount --make-shared /run/scardssp-rig
    mount --bind /run/scardssp-rig "$root/run/scardssp-rig"
}

# setup_trixie 10|old BITS...: sets $root to the cached root, $trixie_kind to 10 (new WoW64) or old,
# and what a prefix for these widths needs. Where i386 programs are emulated $emulated is set.
setup_trixie()
{
    local name
    trixie_kind=$1
    shift
    widths=$*
    prefix_name=wine10-prefix-$trixie_kind wine_dlls=
    [ "$widths" != 64 ] || prefix_name=$prefix_name-64
    # Another list of packages wants another root.
    name=trixie-$(printf %s "$trixie_packages" | cksum | cut -d ' ' -f 1)
    if [ "$trixie_kind" = old ] || [ ! -e "$cache/$name" ]; then
        setup_emulation || return 1
    fi
    make_once "$cache/$name" make_trixie || return 1
    export trixie_kind
    root=$cache/$name
}

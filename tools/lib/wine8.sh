# Debian 12's Wine 8.0: its 32-bit half without any i386 system library, and a prefix to copy.
# SPDX-License-Identifier: LGPL-2.1-or-later

# Downloads libwine:i386 by an apt of its own, so that the system's stays as it is.
fetch_i386_dlls()
{
    local dir=$1 apt=$1/apt
    mkdir -p "$apt/lists/partial"
    echo "deb $(debian_mirror) bookworm main" > "$apt/sources.list"
    set -- -qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::Lists="$apt/lists" -o APT::Architecture=amd64 \
        -o APT::Architectures::=i386 -o APT::Sandbox::User=root
    say "downloading libwine:i386 (95 MB, once)"
    apt_retry_in "$apt" "$@" || return 1
    mkdir "$dir/root"
    dpkg -x "$apt"/libwine_*_i386.deb "$dir/root"
    mv "$dir/root/usr/lib/i386-linux-gnu/wine/i386-windows" "$dir/"
    rm -rf "$dir/root" "$apt"
    [ -f "$dir/i386-windows/ntdll.dll" ]
}

apt_retry_in()
{
    local where=$1 log=$cache/wine8-i386.log try
    shift
    for try in 1 2 3; do
        apt-get "$@" update > "$log" 2>&1 &&
            (cd "$where" && apt-get "$@" download libwine:i386) >> "$log" 2>&1 && return 0
        say "downloading libwine:i386 failed (try $try of 3): $(tail -n 1 "$log")"
        sleep $((try * 5))
    done
    mirror_refused "$log" || :
    return 1
}

# Sets wine_dlls to the directory with Wine's i386-windows; empty when 32-bit programs run anyway.
setup_i386()
{
    wine_dlls=
    [ -d /usr/lib/i386-linux-gnu/wine/i386-windows ] && return 0
    make_once "$cache/wine8-i386" fetch_i386_dlls || return 1
    wine_dlls=$cache/wine8-i386
}

# Before Wine's programs: $steady. Debian's Wine 8 has a fixed place and no preloader. Since Linux
# 5.18 the random place of the heap is, once in some thousand starts, where Windows' shared data
# must be, and the program ends with exit code 1 ("failed to map the shared user data"). Empty where
# personality(2) is forbidden.
steady=
! setarch -R true 2> /dev/null || steady="setarch -R"

make_prefix()
{
    say "making a Wine prefix (once)"
    WINEPREFIX=$1 WINEDLLPATH=$wine_dlls WINEDEBUG=-all DISPLAY= \
        WINEDLLOVERRIDES="mscoree,mshtml=" $steady wineboot -i > /dev/null 2>&1 || return 1
    WINEPREFIX=$1 wineserver -w
    [ -f "$1/system.reg" ] && [ -d "$1/drive_c/windows/syswow64" ]
}

# Sets base_prefix to a pristine prefix that serves both widths.
setup_prefix()
{
    make_once "$cache/wine8-prefix" make_prefix || return 1
    base_prefix=$cache/wine8-prefix
}

# Debian 12's Wine 8.0: its 32-bit half without any i386 system library, and a prefix to copy.
# SPDX-License-Identifier: LGPL-2.1-or-later

# Downloads libwine:i386.
fetch_i386_dlls()
{
    local dir=$1
    with_progress "downloading libwine:i386 (once)" "megabytes_in '$dir' 155" \
        download_deb "$dir" bookworm libwine:i386 "$cache/wine8-i386.log" \
        -o APT::Architecture=amd64 -o APT::Architectures::=i386 || return 1
    mkdir "$dir/root"
    dpkg -x "$dir"/libwine_*_i386.deb "$dir/root"
    mv "$dir/root/usr/lib/i386-linux-gnu/wine/i386-windows" "$dir/"
    rm -rf "$dir/root" "$dir"/libwine_*_i386.deb
    [ -f "$dir/i386-windows/ntdll.dll" ]
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

# setup_wine8 BITS...: all that a prefix for programs of these widths needs.
setup_wine8()
{
    widths=$*
    prefix_name=wine8-prefix
    wine_dlls=
    case $widths in
    *32*) setup_i386 || return 1 ;;
    *) prefix_name=wine8-prefix-64 ;;
    esac
}

# Whether it runs 32-bit programs here: by new WoW64, or by old WoW64 where wine32 is installed.
wine8_runs_32()
{
    if [ -x /usr/lib/wine/wine ]; then runs i386-programs; else runs 32-bit-code; fi
}

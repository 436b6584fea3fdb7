# What this machine's kernel can run.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses wine.sh.

# machine WORD: yes, no, emulated or unknown; of i386-programs, which the old WoW64 and a 32-bit
# Wine need, or 32-bit-code, which the new WoW64 needs
machine()
{
    machine_answer=$(limited 30 "$scardssp_dir/scardssp-machine" "$1" 2> /dev/null) ||
        machine_answer=unknown
    printf '%s\n' "$machine_answer"
}

# kernel_refuses: whether the kernel is why this Wine runs no 32-bit programs; then $kernel_why is
# none, programs or code.
kernel_refuses()
{
    if wine_is_new_wow64; then
        [ "$(machine 32-bit-code)" = no ] || return 1
        kernel_why=code
        [ "$(machine i386-programs)" != no ] || kernel_why=none
    else
        [ "$(machine i386-programs)" = no ] || return 1
        kernel_why=programs
        [ "$(machine 32-bit-code)" != no ] || kernel_why=none
    fi
}

# Whether the 32-bit DLLs are beside the 64-bit Wine, or in WINEDLLPATH, and no i386 unix half.
wine_is_new_wow64()
{
    [ "$prefix_kind" != win32 ] || return 1
    wow_dir=$(wine_dll_dir 64) || return 1
    [ ! -f "$wow_dir/i386-unix/ntdll.so" ] || return 1
    printf '%s:%s\n' "$wow_dir" "${WINEDLLPATH:-}" | tr ':' '\n' | while IFS= read -r wow_dir; do
        [ ! -f "$wow_dir/i386-windows/ntdll.dll" ] || echo found
    done | grep -q found
}

# The text that tells why there is nothing for 32-bit programs in a prefix without their half.
half_absent()
{
    if kernel_refuses; then echo "kernel-$kernel_why"; else echo half-absent; fi
}

# width_text WIDTH: the text that tells why programs of that width do not run; width_packages WIDTH:
# what makes them run on Debian
width_text()
{
    if [ "$1" = 32 ] && kernel_refuses; then echo "kernel-$kernel_why"; else echo width; fi
}

width_packages()
{
    if [ "$1" = 32 ]; then echo wine32:i386, scardssp-wine:i386; else echo wine64; fi
}

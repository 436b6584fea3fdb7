# Wine in the prefix of another user, asked as that user, for root only.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh.
#
# The owner may have put anything in the place of Wine's programs. So what runs there has nothing of
# root's: no terminal and no session, into which it could type; no variables but a list; no open
# files but a pipe; no way to more rights. Nothing in the prefix is read or written by root itself,
# and what the owner answers is checked.

# With --system root may install for the programs of another user's prefix, in which nothing is
# changed. Whether that is the case: then $prefix_kind, $widths and Wine's directories are those
# that the owner told, and $prefix_other is 1.
prefix_other=0
prefix_of_other()
{
    prefix_find
    [ "$prefix_kind" = foreign ] && [ "$scope$scope_given" = system1 ] && [ "$(id -u)" = 0 ] ||
        return 1
    owner_take
    owner_ask
    prefix_other=1
}

# Sets $owner_id, $owner_name, $owner_group and $owner_home from the directory that is open as
# descriptor 7, and $owner_inode, which tells it from one that takes its place; stops when nobody is
# to be asked.
owner_take()
{
    command exec 7< "$prefix" || stop prefix owner-unopened
    owner_id=$(stat -L -c %u /proc/self/fd/7) && owner_inode=$(stat -L -c %d:%i /proc/self/fd/7) ||
        stop prefix owner-proc
    command exec 7<&-
    [ "$owner_id" != 0 ] || stop prefix owner-root
    owner_account=$(getent passwd "$owner_id") ||
        stop prefix owner-nobody "OWNER=$owner_id"
    IFS=: read -r owner_name _ _ owner_group _ owner_home _ <<TEXT
$owner_account
TEXT
}

# Sets $prefix_kind and $widths, and what wine_dll_dir and width_works find.
owner_ask()
{
    owner_run > "$work/owner"
    owner_last=$(sed -n '$p' "$work/owner")
    [ "$owner_last" = end ] || stop prefix owner-silent "OWNER=$owner_name" \
        "REASON=${owner_last:+: $owner_last}"
    prefix_kind=$(sed -n 's/^kind \(win32\|win64\|wow64\)$/\1/p' "$work/owner" | head -n 1)
    case $prefix_kind in
    win32) widths=32 ;;
    win64) widths=64 ;;
    wow64) widths="64 32" ;;
    *) stop prefix owner-prefix ;;
    esac
    for owner_width in $widths; do
        owner_answer "$owner_width"
    done
}

# The answers are kept where "once" looks, so that Wine is not asked here. Whoever made them, a
# directory is Wine's only when it looks so, and is root's alone.
owner_answer()
{
    : > "$work/once.works.$1"
    : > "$work/once.dlldir.$1"
    owner_dir=$(sed -n "s|^dir $1 /|/|p" "$work/owner" | head -n 1)
    [ -n "$owner_dir" ] || return 0
    echo works > "$work/once.works.$1"
    owner_dir=$(root_alone "$owner_dir") &&
        [ -f "$owner_dir/$(width_arch "$1")-windows/ntdll.dll" ] || return 0
    printf '%s\n' "$owner_dir" > "$work/once.dlldir.$1"
}

# Prints what owner_main answers as that user: of limited length, without what terminals obey, and
# within a limited time, whatever is left running there.
owner_run()
{
    set -- PATH="$PATH" HOME="$owner_home" USER="$owner_name" LOGNAME="$owner_name" \
        WINEPREFIX="$prefix" WINE="$(program_path "$wine")" \
        WINESERVER="$(program_path "$wineserver")" \
        ${WINEDLLPATH:+"WINEDLLPATH=$WINEDLLPATH"} ${WINEARCH:+"WINEARCH=$WINEARCH"} \
        ${LANG:+"LANG=$LANG"} ${LC_CTYPE:+"LC_CTYPE=$LC_CTYPE"} ${LC_ALL:+"LC_ALL=$LC_ALL"} \
        wine_limit="$wine_limit" owner_inode="$owner_inode"
    (
        cd / && exec timeout --foreground -k 5 $((3 * wine_limit)) setsid -w env -i "$@" \
            bash --norc --noprofile -c "$owner_close" bash \
            setpriv --reuid="$owner_id" --regid="$owner_group" --clear-groups --inh-caps=-all \
            --no-new-privs sh -c "$(owner_script)" < /dev/null 2>&1
    ) | limited $((4 * wine_limit)) head -c 20000 | LC_ALL=C tr -d '\000-\011\013-\037\177'
}

# program_path NAME: of the program that the shell takes, from everywhere
program_path()
{
    program_file=$(command -v "$1")
    case $program_file in
    /*) ;;
    *) program_file=$PWD/$program_file ;;
    esac
    printf '%s\n' "$program_file"
}

# Closes what this program or its caller has open, up to any number, which only bash can.
# shellcheck disable=SC2016 # it is for that bash
owner_close='for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    [ "$fd" -le 2 ] || eval "exec $fd>&-"
done
exec "$@"'

# What that user's shell runs; the files themselves it may not be allowed to reach.
owner_script()
{
    cat "$setup_lib/output.sh" "$setup_lib/server.sh" "$setup_lib/wine.sh" "$setup_lib/owner.sh"
    echo owner_main
}

# As the owner: prints "kind KIND", "dir WIDTH DIR" for each width that runs, then "end"; or last
# why Wine does not work there.
owner_main()
{
    wine=$WINE wineserver=$WINESERVER prefix=$WINEPREFIX verbose=0
    [ "$(stat -c %d:%i "$prefix")" = "$owner_inode" ] || exit 1
    work=$(mktemp -d) || exit 1
    trap 'rm -rf "$work"' EXIT
    server_meet "$prefix"
    prefix_find
    echo "kind $prefix_kind"
    for owner_width in $widths; do
        if width_works "$owner_width"; then
            owner_dir=$(wine_dll_dir "$owner_width") || owner_dir=/nowhere
            echo "dir $owner_width $owner_dir"
        elif [ -n "$(wine_refusal)" ]; then
            echo "Wine refuses: $(wine_refusal)"
            exit 1
        fi
    done
    echo end
}

# What the tests of the Debian packages share.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced after setuptest.sh.

# Where dpkg works, what it changes is seen by this run only.
own_dpkg()
{
    mount_over /usr /usr
    mount_over /var /var
}

# Names, sizes, kinds and targets; not dpkg's own records.
files()
{
    find /usr /var -path /var/lib/dpkg -prune -o -path /var/log -prune -o ! -type d \
        -printf '%p %y %s %m %l\n' -o -printf '%p\n' | LC_ALL=C sort
}

# chosen DIR: which packages in there belong on a machine with this Wine.
chosen()
{
    local i386=$1/none
    [ ! -f /usr/lib/i386-linux-gnu/wine/i386-unix/ntdll.so ] || i386="$1/*wine_*_i386.deb"
    # Version 0.1 had no scardssp-dev.
    find "$1" -path "$1/*_amd64.deb" -o -path "$1/*_all.deb" -o -path "$i386"
}

# installed_files DIR: checks that just these files of the packages in there were added to the
# list $work/before
installed_files()
{
    local deb file
    files | LC_ALL=C comm -13 "$work/before" - | cut -d ' ' -f 1 | sed '/\/$/d' > "$work/new"
    for deb in $(chosen "$1"); do
        dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n 's/^\.\(.*[^/]\)$/\1/p'
    done | LC_ALL=C sort -u > "$work/wanted"
    while read -r file; do
        [ -e "$file" ]
        check $? "$file was not installed"
    done < "$work/wanted"
    # One of Wine's directories may be a link to another.
    xargs -d '\n' readlink -f < "$work/wanted" > "$work/real"
    while read -r file; do
        [ -d "$file" ] || grep -qxF "$(readlink -f "$file")" "$work/real"
        check $? "$file was installed by nobody"
    done < "$work/new"
}

# purged DIR: checks that without those packages all is as in $work/before
purged()
{
    dpkg --no-triggers -P $(chosen "$1" |
        sed -e 's|.*/\(.*\)_.*_\(.*\)\.deb|\1:\2|' -e 's/:all$//') > "$work/out" 2> "$work/err"
    check $? "dpkg -P"
    files | diff "$work/before" - > "$work/out"
    check $? "files differ after dpkg -P"
}

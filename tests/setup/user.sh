# What an unprivileged user's program finds: for permission.sh and polkit.sh.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source after lib.sh.

# as_the_user WHAT HRESULT [TEXT]: what opening a context gives, and what the one err line says.
as_the_user()
{
    local card
    cp "$build/$arch-windows/scardssp.dll" "$WINEPREFIX/drive_c/windows/$system/"
    WINEDLLPATH=$user_build WINEDEBUG=$WINEDEBUG,err+scardssp as_user \
        wine "$user_build/tests/setup/$arch/load.exe" scardssp.dll > "$work/out" 2>&1 \
        < /dev/null
    card=$(tr -d '\r' < "$work/out" | sed -n 's/^card //p')
    [ "$card" = "$2" ]
    check $? "$1: $card, not $2" "$work/out"
    if [ -n "${3:-}" ]; then
        grep -q "err:scardssp.*$3" "$work/out" &&
            [ "$(grep -c err:scardssp "$work/out")" = 1 ]
        check $? "$1: not one line that says \"$3\"" "$work/out"
    else
        ! grep -q err:scardssp "$work/out"
        check $? "$1: it complains" "$work/out"
    fi
}

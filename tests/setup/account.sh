# An account that has nothing yet, and what it does.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced after setuptest.sh.

user_id=4711

# new_account: its home is empty
new_account()
{
    mount -t tmpfs tmpfs /home
    mkdir /home/new
    chown $user_id /home/new
    cp /etc/passwd "$work/passwd"
    echo "new:x:$user_id:$user_id::/home/new:/bin/sh" >> "$work/passwd"
    mount --bind "$work/passwd" /etc/passwd
}

# as_new COMMAND...: in a session of the new account, as logging in makes it: with what is in
# environment.d
as_new()
{
    local conf=/home/new/.config/environment.d/60-scardssp.conf path=
    [ ! -f $conf ] || path=$(sed -n 's/^WINEDLLPATH="[^}]*}\(.*\)"$/\1/p' $conf)
    (cd /home/new && setpriv --reuid=$user_id --regid=$user_id --clear-groups \
        env -i HOME=/home/new USER=new LOGNAME=new PATH=/usr/local/bin:/usr/bin:/bin \
        LANG=C.UTF-8 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" \
        ${path:+"WINEDLLPATH=$path"} "$@")
}

# does CODE WHAT COMMAND...: as that user
does()
{
    local wanted=$1 what=$2 code
    shift 2
    as_new timeout 300 "$@" > "$work/out" 2> "$work/err" < /dev/null
    code=$?
    [ $code = "$wanted" ]
    check $? "$what: exit status $code, not $wanted"
}

# account NAME: all files of the account, and what its registry has of smart cards
account()
{
    as_new wineserver -w
    (
        cd /home/new || exit
        find . ! -type d ! -name '*.reg' ! -name .update-timestamp -print0 | describe . | sort
        find . -type d | sort
        # The rest of the registry, where Wine itself writes at each start, setup.sh compares.
        grep -i 'scard\|calais\|DllOverrides' .wine/system.reg .wine/user.reg |
            sed 's/\] [0-9]*$/]/'
    ) > "$work/account.$1"
}

account_is_as_before()
{
    account after
    diff "$work/account.before" "$work/account.after" > "$work/err"
    check $? "the account is not as it was before"
}

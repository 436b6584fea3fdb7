#!/bin/bash
# Readers of another machine, whose socket is forwarded; runs inside tools/rig (card iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/e2e/remote.sh; REMOTE_LINE=ssh or socat chooses the line
#
# The rig is the machine with the reader. The other one is a network namespace with a cable to it
# and without a pcscd; programs run there.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
export WINEDEBUG=-all
here=10.78.16.1 there=10.78.16.2 port=2222
socket=$work/forwarded
pids=

end_all()
{
    [ -z "$pids" ] || kill $pids 2> /dev/null
    clean_up
}
trap end_all EXIT

fatal()
{
    check 1 "$1" "${2:-}"
    finish
    exit 1
}

# ---- the other machine ----
unshare --net --mount sleep 300 &
other=$!
pids=$other
# A program and not a function, for timeout.
mkdir "$work/bin"
printf '#!/bin/sh\nexec nsenter --target %s --net --mount "$@"\n' "$other" > "$work/bin/on_other"
chmod +x "$work/bin/on_other"
PATH=$work/bin:$PATH
for i in $(seq 100); do
    [ "$(readlink "/proc/$other/ns/net")" = "$(readlink /proc/self/ns/net)" ] || break
    sleep 0.05
done
{
    ip link add rig-here type veth peer name rig-there &&
        ip link set rig-there netns "$other" &&
        ip address add "$here/24" dev rig-here && ip link set rig-here up &&
        on_other ip address add "$there/24" dev rig-there &&
        on_other ip link set rig-there up && on_other ip link set lo up &&
        on_other mount -t tmpfs tmpfs /run/pcscd
} > "$work/net" 2>&1 || fatal "there is no other machine" "$work/net"

# ---- the line: ssh with keys of its own where there is a server, which to install would open to
# ---- everybody; else socat, which carries the same bytes
serve_ssh()
{
    ssh-keygen -q -t ed25519 -N '' -f "$work/host" && ssh-keygen -q -t ed25519 -N '' -f "$work/user"
    cat > "$work/sshd" << TEXT
Port $port
ListenAddress $here
HostKey $work/host
AuthorizedKeysFile $work/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
AllowStreamLocalForwarding yes
TEXT
    mkdir -p /run/sshd
    /usr/sbin/sshd -D -e -f "$work/sshd" > "$work/server.log" 2>&1 &
}

serve_socat()
{
    socat "TCP-LISTEN:$port,bind=$here,fork,reuseaddr" UNIX-CONNECT:/run/pcscd/pcscd.comm \
        > "$work/server.log" 2>&1 &
}

line_ssh()
{
    exec on_other ssh -F /dev/null -i "$work/user" -p "$port" -N -o IdentitiesOnly=yes \
        -o StrictHostKeyChecking=no -o "UserKnownHostsFile=$work/known" \
        -o ExitOnForwardFailure=yes -o ConnectionAttempts=20 \
        -L "$socket:/run/pcscd/pcscd.comm" "root@$here"
}

line_socat()
{
    exec on_other socat "UNIX-LISTEN:$socket,fork" "TCP:$here:$port"
}

line=socat
[ ! -x /usr/sbin/sshd ] || ! command -v ssh > /dev/null || line=ssh
"serve_${REMOTE_LINE:=$line}"
pids="$pids $!"

forward()
{
    rm -f "$socket"
    "line_$REMOTE_LINE" > "$work/line.log" 2>&1 &
    tunnel=$!
    pids="$pids $tunnel"
    for i in $(seq 200); do
        [ -S "$socket" ] && return
        [ -d "/proc/$tunnel" ] || return
        sleep 0.05
    done
}
forward
[ -S "$socket" ] || fatal "nothing is forwarded" "$work/line.log"

# run OUT COMMAND...: what it prints, and its exit code.
run()
{
    local out=$1
    shift
    timeout 60 "$@" < /dev/null 2>&1 | tr -d '\r' > "$out"
    echo "exit code ${PIPESTATUS[0]}" >> "$out"
}

# same WHAT ARGS...: scardtool says there what it says here.
same()
{
    local what=$1
    shift
    run "$work/local" wine "$tool" "$@"
    run "$work/remote" on_other env PCSCLITE_CSOCK_NAME="$socket" wine "$tool" "$@"
    grep -q 'exit code 0' "$work/local" && cmp -s "$work/local" "$work/remote"
    check $? "$what is another one there" "$work/remote"
}

# refused WHAT [VARIABLE=VALUE]: no service there.
refused()
{
    local what=$1
    shift
    run "$work/remote" on_other env "$@" wine "$tool" atr
    grep -q 'exit code 1' "$work/remote" && grep -q 'SCARD_E_NO_SERVICE' "$work/remote"
    check $? "$what" "$work/remote"
}

refused "without the variable there is a service"
refused "a socket that does not exist serves" PCSCLITE_CSOCK_NAME="$work/nothing"
same "the list of readers" readers
same "the ATR" atr
same "a file" cat 3F00/7001 --hex
same "an answer" apdu 00A4000C023F00 00A4000C022F05 00B0000010

# The variable goes on to programs that programs start.
run "$work/remote" on_other env PCSCLITE_CSOCK_NAME="$socket" wine cmd /c "Z:$tool" atr
grep -q 'exit code 0' "$work/remote"
check $? "a program started by a program does not find the reader" "$work/remote"

# pcsc-lite reads it once in a process, so a change comes too late for one that runs.
run "$work/remote" on_other env PCSCLITE_CSOCK_NAME="$socket" "$build/tests/rig/other" \
    socket-once "$SCARDSSP_TEST_READER"
grep -q 'exit code 0' "$work/remote"
check $? "the variable is read again" "$work/remote"

# The line is cut, and mended.
kill "$tunnel"
wait "$tunnel" 2> /dev/null
refused "without the line there is a service" PCSCLITE_CSOCK_NAME="$socket"
forward
same "the ATR, with the line back," atr

finish

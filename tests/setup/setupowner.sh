# Scenario of setup.sh: root and the prefix of a user who means ill.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by setup.sh.

# hostile_wine NAME: $work/NAME, a Wine in which the user nobody has the say; what stdin tells comes
# first. It notes in $loot what of root's it can have: each line there is one that it should not be.
hostile_wine()
{
    {
        echo '#!/bin/bash'
        # What root runs itself is root's choice.
        echo '[ "$(id -u)" = 65534 ] || exec wine "$@"'
        echo "export loot=$loot"
        cat
        echo 'exec wine "$@"'
    } > "$work/$1"
    chmod 755 "$work/$1"
}

steal()
{
    cat <<'SH'
: > "$loot/ran"
cat /proc/self/environ >> "$loot/environ"
perl -e '
    use POSIX;
    sub note { open(my $f, ">>", "$ENV{loot}/got"); print $f "@_\n"; }
    opendir(my $fds, "/proc/self/fd");
    for my $fd (sort { $a <=> $b } grep { /^\d+$/ && $_ != fileno($fds) } readdir($fds)) {
        my $what = readlink("/proc/self/fd/$fd") // next;
        note("descriptor $fd is $what") if $fd > 2 || POSIX::isatty($fd);
        type($fd) if open(my $same, "<&=", $fd);
    }
    sub type { open(my $f, "<&=", $_[0]);
        ioctl($f, 0x5412, $_) or return for split //, "typed\n";
        note("typed into descriptor $_[0]"); }
    if (open(my $tty, "+<", "/dev/tty")) { note("has a terminal"); type(fileno($tty)); }
    open(my $stat, "<", "/proc/self/stat");
    my @stat = split / /, (<$stat> =~ /\) (.*)/)[0];
    note("is in the session $stat[3] with the terminal $stat[4]") if $stat[4];
    note("can get more rights") if !grep { /^NoNewPrivs:\s*1/ } `cat /proc/self/status`;
    note("is in the groups $)") if $) =~ / 0\b/ || $( =~ /^0\b/;
    note("reads root") if open(my $root, "<", "/proc/$ENV{root_pid}/environ");
'
SH
}

# at_terminal CODE WHAT ARGS...: scardssp-setup at a terminal of root's, which then reads a line
at_terminal()
{
    local wanted=$1 what=$2
    shift 2
    rm -f "$loot"/*
    printf '%q ' "$build/scardssp-setup" "$@" > "$work/command"
    cat > "$work/root" <<SH
export SECRET_OF_ROOT=xyzzy root_pid=\$\$
exec 3<> /dev/tty 12<> /dev/tty
$(cat "$work/command")
echo "exit status \$?"
IFS= read -r -t 0.5 line
echo "then came: [\$line]"
SH
    # Its input never ends, nor comes.
    timeout 300 script -qec "exec bash $work/root" /dev/null > "$work/out" 2> "$work/err" \
        <> "$work/silence"
    has "exit status $wanted"
    has 'then came: \[\]'
    ! grep -aq xyzzy "$loot/environ" 2> /dev/null
    check $? "$what: root's environment was read"
    ! grep -q . "$loot/got" 2> /dev/null
    check $? "$what: $(cat "$loot/got" 2> /dev/null)"
}

scenario_owner()
{
    local dir loot=$work/loot
    new_prefix owner
    dir=$(wine_directory)
    mkdir -p "$loot"
    mkfifo "$work/silence"
    chmod 755 /run/scardssp-rig "$work"
    chown nobody "$loot"
    find "$WINEPREFIX" -maxdepth 1 -exec chown nobody {} +
    rm -f "$WINEPREFIX/wineserver"
    ln -s "$work/written" "$WINEPREFIX/.scardssp-setup"
    mkdir "$work/written"
    steal | hostile_wine thief
    export WINESERVER=wineserver WINE=$work/thief
    for command in install uninstall; do
        at_terminal 0 "$command" --prefix "$WINEPREFIX" --system "$command"
        [ -f "$loot/ran" ]
        check $? "$command: the user's Wine did not run"
        [ -z "$(ls "$work/written")" ]
        check $? "$command: root wrote where that user's link leads"
    done
    for command in install uninstall status doctor; do
        at_terminal 1 "$command, not for all" --prefix "$WINEPREFIX" --user "$command"
        has "run this as nobody"
        [ ! -e "$loot/ran" ]
        check $? "$command: a program of that user's ran"
    done
    owner_lies "$dir"
    owner_hangs
    unset WINE WINESERVER
    find "$WINEPREFIX" -maxdepth 1 -exec chown -h root {} +
    rm -f "$WINEPREFIX/.scardssp-setup" "$WINEPREFIX/wineserver"
    owner_within
}

# What is answered in the name of Wine.
owner_lies()
{
    mkdir -p "$work/theirs/x86_64-windows"
    cp "$1/x86_64-windows/ntdll.dll" "$work/theirs/x86_64-windows/"
    chown -R nobody "$work/theirs"
    hostile_wine liar <<SH
case \$* in
*WINEDLLDIR0*) printf '\\\\??\\\\Z:$work/theirs\r\n' | iconv -t UTF-16LE ;;
*) echo works ;;
esac
exit
SH
    WINE=$work/liar setup 1 "a directory of that user's" --prefix "$WINEPREFIX" --system install
    has "dll path: FAILED: Wine tells no DLL directory of its own, and of root's alone"
    [ "$(ls "$work/theirs")" = x86_64-windows ]
    check $? "root wrote into a directory of that user's"
    hostile_wine talker <<'SH'
printf 'wine: WINEARCH \033]0;title\007\n' >&2
exit 1
SH
    WINE=$work/talker setup 1 "no answer" --prefix "$WINEPREFIX" --system install
    has "nobody's Wine tells nothing of .*: Wine refuses: WINEARCH .0;title" "as nobody"
    ! grep -q "$(printf '\033')" "$work/out"
    check $? "the terminal is told to obey"
    hostile_wine killer <<'SH'
kill -KILL "$(sed 's/.*) //' /proc/self/stat | cut -d ' ' -f 4)"
SH
    WINE=$work/killer setup 1 "an end before the answer" --prefix "$WINEPREFIX" --system install
    has "nobody's Wine tells nothing of" "as nobody"
}

owner_hangs()
{
    local begin=$SECONDS
    hostile_wine hanging <<'SH'
trap '' TERM HUP INT
sleep 50 &
wait
sleep 50
exit 1
SH
    WINE=$work/hanging SCARDSSP_SETUP_SECONDS=2 setup 1 "a Wine that hangs" \
        --prefix "$WINEPREFIX" --system install
    [ $((SECONDS - begin)) -lt 40 ]
    check $? "it took $((SECONDS - begin)) s"
}

# A prefix of root's in which, or above which, somebody else has a directory.
owner_within()
{
    local place=$WINEPREFIX
    chown nobody "$windows"
    for command in install uninstall status; do
        setup 1 "a directory of others within, $command" --prefix "$place" --user "$command"
        has "others than root can change $windows,"
    done
    doctor_says "others than root can change $windows,"
    chown root "$windows"
    mkdir -p "$work/above/prefix"
    mount --bind "$place" "$work/above/prefix"
    chown nobody "$work/above"
    setup 1 "a directory of others above" --prefix "$work/above/prefix" --user install
    has "others than root can change $work/above,"
    umount "$work/above/prefix"
    # What root writes for its session does not go to another's home.
    XDG_CONFIG_HOME=$work/above/.config \
        setup 1 "another user's home" --prefix "$place" --user install
    has "dll path: FAILED: others than root can change $work/above,"
    [ ! -e "$work/above/.config/environment.d" ]
    check $? "root wrote into a home of others"
    setup 0 "uninstall" --prefix "$place" --user uninstall
}

doctor_says()
{
    "$build/scardssp-setup" --prefix "$WINEPREFIX" doctor > "$work/out" 2> "$work/err"
    [ $? = 1 ]
    check $? "doctor: not exit status 1"
    has "$1"
}

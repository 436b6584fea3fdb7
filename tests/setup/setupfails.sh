# Scenarios of setup.sh: what cannot work, what is interrupted, and what is left then.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by setup.sh.

scenario_errors()
{
    local pid command
    new_prefix errors
    snapshot before
    setup 2 "no command"
    setup 2 "unknown command" fly
    setup 2 "unknown option" --fast install
    setup 2 "too many" install now
    setup 2 "no directory" install --prefix
    setup 0 "help" --help
    has "Usage: scardssp-setup"
    setup 0 "version" -V
    has "scardssp-setup [0-9]"
    setup 1 "no such prefix" --prefix "$work/none" install
    has "there is no $work/none" "wineboot -i"
    setup 1 "no prefix" --prefix /etc install
    has "/etc is no Wine prefix"
    WINE=$work/nowine setup 1 "no Wine" install
    has "wine: *FAILED: .*nowine was not found"
    for command in install uninstall status doctor; do
        WINE=/bin/true WINESERVER=wineserver setup 1 "no Wine, $command" "$command"
        has "wine: *FAILED: /bin/true is no Wine; it calls itself true" "set WINE to"
    done
    WINEDLLPATH=lib:/tmp setup 1 "relative" --user install
    has "relative entry"
    chown 65534 "$WINEPREFIX"
    setup 1 "of another user" install
    has "belongs to nobody" "run this as nobody"
    chown 0 "$WINEPREFIX"
    mount --bind "$WINEPREFIX" "$WINEPREFIX"
    mount -o remount,ro,bind "$WINEPREFIX"
    setup 1 "read-only" install
    has "cannot be written"
    umount "$WINEPREFIX"
    wine cmd /c 'ping -n 60 127.0.0.1' > "$work/ping" 2>&1 &
    pid=$!
    until wineserver -k0 > /dev/null 2>&1; do sleep 0.1; done
    setup 1 "in use" --user install
    has "programs run in" "wineserver -k"
    compare_files before
    setup 0 "in use, by force" --user --force install
    wait $pid
    setup 0 "uninstall" --user uninstall
    compare before
}

# Each width by itself: one fails, the other works, and nothing of the failed one stays.
scenario_halves()
{
    new_prefix halves
    snapshot before
    mkdir -p "$work/only64"
    cp -r "$build"/x86_64-{windows,unix} "$work/only64/"
    SCARDSSP_DIR=$work/only64 setup 1 "built for one width" --user install
    has "32-bit: *FAILED: .*i386-windows/scardssp.dll is missing" "64-bit: *installed"
    setup 0 "uninstall" --user uninstall
    compare before
    cp -r "$build/x86_64-windows" "$work/only64/i386-windows"
    SCARDSSP_DIR=$work/only64 setup 1 "the wrong width" --user install
    has "32-bit: *FAILED: .*is no 32-bit scardssp.dll" "64-bit: *installed"
    setup 0 "uninstall" --user uninstall
    compare before
    WINEDLLOVERRIDES=scardssp=n setup 1 "does not register" --user install
    has "64-bit: *FAILED: the override scardssp=n in WINEDLLOVERRIDES" "32-bit: *FAILED"
    compare before
    [ ! -e "$config/environment.d" ]
    check $? "environment.d stays"
    mv "$windows/syswow64/regsvr32.exe" "$work/"
    setup 1 "only 64-bit registers" --user install
    has "64-bit: *installed" "32-bit: *FAILED: .*does not register"
    [ ! -e "$windows/syswow64/scardssp.dll" ]
    check $? "the 32-bit DLL stays"
    mv "$work/regsvr32.exe" "$windows/syswow64/"
    setup 0 "uninstall" --user uninstall
    compare before
    # The 32-bit loader of the old WoW64 starts nothing without that half.
    [ ! -d /usr/lib/i386-linux-gnu/wine/i386-unix ] || return 0
    mkdir "$work/empty"
    mount --bind "$work/empty" "$windows/syswow64"
    setup 0 "no 32-bit half" --user install
    has "64-bit: *installed"
    ! grep -q "32-bit" "$work/out"
    check $? "install tells of a half that is not there"
    setup 0 "status without that half" --user status
    has "32-bit: *warning: this prefix has no 32-bit half" "wine32:i386, scardssp-wine:i386"
    setup 0 "uninstall" --user uninstall
    umount "$windows/syswow64"
    compare before
}

# stopped HOW PATTERN COMMAND...: by a Wine that sends the group of scardssp-setup that signal when
# it is to run PATTERN
stopped()
{
    local how=$1 pattern=$2
    shift 2
    wine_that "$pattern" "kill -$how -\$setup"
    {
        WINE=$work/wine WINESERVER=wineserver setsid -w env --default-signal=INT \
            "$build/scardssp-setup" --user "$@" > "$work/out" 2> "$work/err" < /dev/null
    } 2> /dev/null
    wineserver -w
}

# With Wine itself what check-steps does with each step: an install that is stopped is taken back,
# an uninstall goes on, and what was killed is put right by the next run.
scenario_interrupted()
{
    local pattern
    new_prefix interrupted
    foreign_files
    foreign_registry | import
    snapshot before
    for pattern in 'system32?regsvr32' registry*record overrides*set; do
        stopped INT "$pattern" install --winscard
        has "prefix: *FAILED: interrupted; it is as it was before"
        compare before
    done
    stopped KILL 'syswow64?regsvr32' install
    setup 1 "status" status
    has "prefix: *FAILED: a scardssp-setup install was stopped here before its end"
    setup 1 "doctor" doctor
    has "prefix: *FAILED: a scardssp-setup install was stopped here before its end"
    setup 0 "uninstall" --user uninstall
    has "prefix: *warning: a scardssp-setup install was stopped here"
    compare before
    setup 0 "install" --user install
    stopped KILL 'syswow64?regsvr32' uninstall
    setup 1 "status" status
    has "a scardssp-setup uninstall was stopped here"
    setup 0 "install after that" --user install
    has "64-bit: *installed" "32-bit: *installed"
    stopped INT 'syswow64?regsvr32' uninstall
    has "64-bit: .*the file before it is back"
    compare before
}

# full MEGABYTES COMMAND...: with so much room in the prefix, which is said in one message
full()
{
    local megabytes=$1
    shift
    mount -t tmpfs tmpfs "$work/small" -o size="${megabytes}m"
    mkdir "$work/small/upper" "$work/small/work"
    mount -t overlay overlay \
        -o "lowerdir=$layer:$base,upperdir=$work/small/upper,workdir=$work/small/work" "$WINEPREFIX"
    setup 1 "$*, $megabytes MB" "$@"
    [ ! -s "$work/err" ] && [ "$(grep -c "there is no room for" "$work/out")" = 1 ]
    check $? "$*, $megabytes MB: not one message"
    has "disk: *FAILED: the disk $WINEPREFIX (overlay) is full" "to do: make room there"
    wineserver -w
    umount "$WINEPREFIX"
    [ -z "$(cd "$work/small/upper" && find . -name '*scard*' ! -type c)" ]
    check $? "$*, $megabytes MB: something stays: $(find "$work/small/upper" -name '*scard*')"
    umount "$work/small"
}

# Full disks: the prefix's, at its first write and after some; the one for what is temporary.
scenario_full()
{
    new_prefix full
    wineserver -w
    mkdir "$work/small"
    full 1 --user install
    full 14 --user install --winscard
    mount -t tmpfs tmpfs "$work/small" -o size=1m
    for command in install uninstall status doctor; do
        TMPDIR=$work/small setup 1 "$command" --user $command
        has "disk: *FAILED: the disk $work/small (tmpfs) is full"
        [ ! -s "$work/err" ]
        check $? "$command says more"
    done
    umount "$work/small"
}

# A disk that was full: what is left of the manifest is not taken for all of it.
scenario_damaged()
{
    new_prefix damaged
    foreign_files
    snapshot before
    setup 0 "install" --user install
    head -c 60 "$WINEPREFIX/.scardssp-setup/manifest" > "$work/part"
    cp "$work/part" "$WINEPREFIX/.scardssp-setup/manifest"
    setup 1 "uninstall" --user uninstall
    has "manifest is damaged"
    setup 1 "install" --user install
    has "manifest is damaged"
    rm "$WINEPREFIX/.scardssp-setup/manifest"
    setup 1 "uninstall without a manifest" --user uninstall
    has "manifest is damaged"
    setup 0 "uninstall by force" --user --force uninstall
    has "64-bit: .*the file before it is back" "32-bit: .*the file before it is back"
    compare before
}

# ---- Wine loses programs ----

# Every third start is lost before the program began, as Wine itself loses one now and then.
scenario_lost()
{
    new_prefix lost
    snapshot before
    cat > "$work/lossy" <<TEXT
#!/bin/sh
[ "\$1" != --version ] || exec wine --version
echo start >> "$work/starts"
if [ \$((\$(wc -l < "$work/starts") % 3)) = 0 ]; then
    echo "Application could not be started"
    echo "\$LOST" >&2
    exit 1
fi
exec wine "\$@"
TEXT
    chmod +x "$work/lossy"
    export WINE=$work/lossy WINESERVER=wineserver
    export LOST="wine client error:0: sendmsg: Bad file descriptor"
    setup 0 "install" --user install
    has "64-bit: *installed in system32 and registered" "32-bit: *installed in syswow64"
    export LOST="err:virtual:first_teb wine: failed to map the shared user data: c0000018"
    setup 0 "status" --user status
    has "64-bit: *version [0-9.]* in system32, registered" "32-bit: .* in syswow64, registered"
    setup 0 "uninstall" --user uninstall
    unset WINE WINESERVER LOST
    [ "$(wc -l < "$work/starts")" -gt 6 ]
    check $? "nothing was lost"
    compare before
}

# ---- what people's machines have ----

# Where an override stands, install names it, and where.
scenario_overrides()
{
    local key='HKCU\Software\Wine\AppDefaults\bank.exe\DllOverrides'
    new_prefix overrides
    snapshot before
    WINEDLLOVERRIDES="a,scardssp=;b=n" setup 1 "an override of the environment" --user install
    has "64-bit: *FAILED: the override scardssp= in WINEDLLOVERRIDES keeps Wine from loading" \
        "32-bit: *FAILED: the override scardssp= in" "remove that override"
    compare before
    printf '%s\n' '[HKEY_CURRENT_USER\Software\Wine\DllOverrides]' '"*scardssp"="native"' | import
    setup 1 "an override of the registry" --user install
    has '64-bit: *FAILED: the override \*scardssp=native in HKCU.Software.Wine.DllOverrides keeps'
    printf '%s\n' '[HKEY_CURRENT_USER\Software\Wine\DllOverrides]' '"*scardssp"=-' \
        "[${key/HKCU/HKEY_CURRENT_USER}]" '"scardssp"="native"' | import
    setup 0 "an override of a program" --user install
    has 'override: warning: the override of scardssp in HKCU.Software.Wine.AppDefaults.bank.exe'
    printf '%s\n' '[-HKEY_CURRENT_USER\Software\Wine\AppDefaults\bank.exe]' | import
    setup 0 "uninstall" --user uninstall
}

# Wine's own words where it refuses the prefix, and no other remedy.
scenario_refused()
{
    local command
    new_prefix refused
    for command in install status; do
        WINEARCH=win32 setup 1 "WINEARCH, $command" --user "$command"
        has "wine: *FAILED: Wine refuses: WINEARCH .*win32" "to do: unset WINEARCH"
        ! grep -q "install Wine's" "$work/out"
        check $? "$command: another remedy is given too"
    done
    mkdir -p "$work/win32/drive_c/windows/system32"
    sed 's/^#arch=.*/#arch=win32/' "$WINEPREFIX/system.reg" > "$work/win32/system.reg"
    cp "$WINEPREFIX/user.reg" "$WINEPREFIX/userdef.reg" "$work/win32/"
    WINE=/usr/lib/wine/wine64 WINEARCH=win64 setup 1 "a 32-bit prefix" --user \
        --prefix "$work/win32" install
    has "Wine refuses: .*32-bit installation"
}

scenario_homes()
{
    new_prefix homes
    HOME= WINEPREFIX= setup 1 "no home" --user install
    grep -q "HOME is not set" "$work/err"
    check $? "no home: not said"
    HOME= XDG_CONFIG_HOME= setup 1 "no home, but a prefix" --user install
    HOME=home setup 1 "a relative home" --user install
    mkdir -p "$config"
    mount --bind "$config" "$config"
    mount -o remount,ro,bind "$config"
    setup 1 "a read-only home" --user install
    has "dll path: FAILED: .*60-scardssp.conf cannot be written" "XDG_CONFIG_HOME; programs"
    umount "$config"
    setup 0 "uninstall" --user uninstall
    WINEPREFIX= SUDO_UID=65534 setup 1 "by sudo" install
    grep -q "about root's prefix, $HOME/.wine, not about that of nobody" "$work/err"
    check $? "by sudo: the user's prefix is not named"
    SUDO_UID=65534 setup 0 "by sudo, of a prefix that was named" --user install
    setup 0 "uninstall" --user uninstall
    : > "$work/file"
    setup 1 "a file" --prefix "$work/file" install
    has "$work/file is no directory"
    mkdir "$work/others"
    chown nobody "$work/others"
    setup 1 "another user's directory" --prefix "$work/others" install
    has "$work/others is no Wine prefix"
}

# Wine's own directory, and ours, with letters and signs that get lost on the way.
scenario_letters()
{
    local dir=$work/wíne-жук loader
    new_prefix letters
    loader=$(wine_directory)
    mkdir -p "$dir"
    cp -r "$loader/." "$dir/"
    (
        . "$build/setup-lib/output.sh"
        . "$build/setup-lib/wine.sh"
        . "$build/setup-lib/owner.sh"
        prefix=$WINEPREFIX prefix_kind=wow64 verbose=0 wine=wine wine_limit=100
        export WINEDLLPATH=$dir
        wine_run() { wine_quiet cmd.exe /u /c 'echo %WINEDLLDIR1%'; }
        for LC_ALL in C C.UTF-8; do
            export LC_ALL
            [ "$(wine_dll_dir_ask 64)" = "$dir" ] || exit
        done
    )
    check $? "Wine's directory is not $dir"
    ln -sfn "$build" "$work/a:b"
    SCARDSSP_DIR=$work/a:b setup 1 "a colon" --user install
    has "dll path: FAILED: $work/a:b has a colon in its name, and WINEDLLPATH separates"
    SCARDSSP_DIR=$work/a:b runs 1 "has a colon in its name" true
}

# A server, or a program, that does not end.
scenario_hanging()
{
    local begin=$SECONDS command
    new_prefix hanging
    printf '#!/bin/sh\n[ "$1" = --version ] && exec wine "$@"\nexec sleep 200\n' > "$work/hang"
    chmod 755 "$work/hang"
    for command in install status; do
        WINE=$work/hang WINESERVER=wineserver SCARDSSP_SETUP_SECONDS=2 \
            setup 1 "Wine hangs, $command" --user "$command"
    done
    WINE=wine WINESERVER=$work/hang SCARDSSP_SETUP_SECONDS=2 \
        setup 1 "its server hangs" --user install
    has "prefix: *FAILED: programs run in"
    [ $((SECONDS - begin)) -lt 120 ]
    check $? "it took $((SECONDS - begin)) s"
    SCARDSSP_SETUP_SECONDS=none setup 2 "no number" status
}

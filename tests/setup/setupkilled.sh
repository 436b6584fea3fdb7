# Scenarios of setup.sh: what earlier versions left, and what is left where a run ended half-way.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by setup.sh.

# blocks FILE: the keys of a system.reg as version 0.1 kept them, each on a line with \001 between
# its parts
blocks()
{
    LC_ALL=C awk '
        /^\[/ {
            if (block != "") print block
            block = ""
            sub(/\]( [0-9]+)?$/, "]")
            key = tolower($0)
            sub(/^\[software\\\\(wow6432node\\\\)?/, "", key) || key = ""
            if (key ~ /^(classes|scardssp|microsoft\\\\cryptography\\\\calais)(\\\\|\])/)
                block = $0
            next
        }
        block != "" && !/^#/ && !/^$/ { block = block "\001" $0 }
        END { if (block != "") print block }' "$1"
}

# by_0_1 BEFORE AFTER: what is kept becomes what version 0.1 kept, by copies of system.reg
by_0_1()
{
    local kept=$WINEPREFIX/.scardssp-setup
    rm "$kept/registry"
    sed -i '1s/.*/scardssp-setup 0.1.0/' "$kept/manifest"
    blocks "$1" | tr '\001' '\n' > "$kept/before"
    LC_ALL=C comm -13 <(blocks "$1" | LC_ALL=C sort) <(blocks "$2" | LC_ALL=C sort) |
        tr '\001' '\n' > "$kept/written"
    [ "$(grep -c '^\[' "$kept/written")" -gt 100 ]
    check $? "version 0.1 would have written nothing"
}

system_reg()
{
    wineserver -w
    cp "$WINEPREFIX/system.reg" "$1"
}

scenario_upgrade()
{
    local kept
    new_prefix upgrade
    kept=$WINEPREFIX/.scardssp-setup
    foreign_files
    foreign_registry | import
    snapshot before
    system_reg "$work/reg.before"
    setup 0 "install" --user install
    system_reg "$work/reg.after"
    by_0_1 "$work/reg.before" "$work/reg.after"
    setup 0 "uninstall what 0.1 installed" --user uninstall
    compare before
    setup 0 "install" --user install
    by_0_1 "$work/reg.before" "$work/reg.after"
    setup 0 "install over 0.1" --user install
    has "64-bit: *unchanged" "32-bit: *unchanged"
    [ -f "$kept/registry" ] && [ ! -e "$kept/before" ] && [ ! -e "$kept/written" ]
    check $? "what 0.1 kept stays beside what is kept now"
    setup 0 "uninstall" --user uninstall
    compare before
    # An install of 0.1 that did not end.
    setup 0 "install" --user install
    by_0_1 "$work/reg.before" "$work/reg.after"
    : > "$kept/written"
    cp "$work/reg.before" "$kept/now"
    setup 0 "uninstall what 0.1 began" --user uninstall
    compare before
}

# What is kept of the registry is the owner's to damage: then nothing is done by it.
scenario_kept()
{
    local kept
    new_prefix kept
    kept=$WINEPREFIX/.scardssp-setup
    snapshot before
    setup 0 "install" --user install
    cp "$kept/registry" "$work/registry"
    head -c 100000 "$work/registry" > "$kept/registry"
    setup 1 "uninstall by a part" --user uninstall
    has "registry: FAILED: nothing is undone, .*line [0-9]*: "
    [ -f "$windows/system32/scardssp.dll" ]
    check $? "the DLL is gone"
    sed '1s/ 1$/ 2/' "$work/registry" > "$kept/registry"
    setup 1 "install by a newer version's" --user install
    has "registry: FAILED: .*a newer scardssp-setup wrote it"
    cp "$work/registry" "$kept/registry"
    setup 0 "uninstall" --user uninstall
    compare before
}

# ---- killed ----

# Programs that change files, in $work/shims: the one whose number is in $work/kill-at ends
# scardssp-setup, before it does what it is to do, where that is in the prefix or the session's
# file.
shims()
{
    local name
    mkdir -p "$work/shims"
    for name in mv cp rm mkdir rmdir chmod; do
        cat > "$work/shims/$name" <<SH
#!/bin/bash
case "\$*" in *"$WINEPREFIX"* | *"$config"*)
    echo "$name \$*" >> "$work/steps"
    if [ "\$(wc -l < "$work/steps")" = "\$(cat "$work/kill-at")" ]; then
        kill -KILL "\$(cat "$work/setup-pid")"
        exit 1
    fi ;;
esac
exec $(command -v "$name") "\$@"
SH
        chmod +x "$work/shims/$name"
    done
}

# killed_at STEP COMMAND: false when it ended before that step.
killed_at()
{
    echo "$1" > "$work/kill-at"
    : > "$work/steps"
    PATH=$work/shims:$PATH sh -c 'echo $$ > "$0"; exec "$@"' "$work/setup-pid" \
        "$build/scardssp-setup" --user "$2" > "$work/out" 2> "$work/err" < /dev/null
    [ $? = 137 ] || return 1
    wineserver -k
    wineserver -w
}

# At every step of install: uninstall, or install and uninstall, brings back what was there.
scenario_killed()
{
    local step
    new_prefix killed
    foreign_files
    foreign_registry | import
    snapshot before
    shims
    for ((step = 1; ; step++)); do
        killed_at $step install || break
        [ $((step % 3)) != 0 ] ||
            setup 0 "install, killed at $(tail -n 1 "$work/steps")" --user install
        setup 0 "uninstall, killed at $(tail -n 1 "$work/steps")" --user uninstall
        compare before
    done
    [ $step -gt 10 ]
    check $? "install was killed at $step places only"
    setup 0 "uninstall" --user uninstall
    compare before
}

# At every step of uninstall: another one ends what it began.
scenario_killeduninstall()
{
    local step
    new_prefix killeduninstall
    foreign_files
    foreign_registry | import
    snapshot before
    shims
    for ((step = 1; ; step++)); do
        setup 0 "install" --user install
        killed_at $step uninstall || break
        setup 0 "uninstall, killed at $(tail -n 1 "$work/steps")" --user uninstall
        compare before
    done
    [ $step -gt 6 ]
    check $? "uninstall was killed at $step places only"
    compare before
}

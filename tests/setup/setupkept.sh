# Scenarios of setup.sh: what was kept by earlier versions, or is damaged.
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
    has "registry: FAILED: nothing is undone: .*line [0-9]*: "
    [ -f "$windows/system32/scardssp.dll" ]
    check $? "the DLL is gone"
    sed '1s/ 1$/ 2/' "$work/registry" > "$kept/registry"
    setup 1 "install by a newer version's" --user install
    has "registry: FAILED: .*a newer scardssp-setup wrote it"
    cp "$work/registry" "$kept/registry"
    setup 0 "uninstall" --user uninstall
    compare before
}

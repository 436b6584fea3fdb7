# winscard.dll and other DLLs of Wine's in whose place ours come: their files in the prefix.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, manifest.sh, dllpath.sh, native.sh.
#
# A forwarder has no code: each of its functions leads to scardssp.dll, which as Wine's own DLL has
# the unix half. It is not marked as Wine's own, for then Wine would take its own in its place; so
# it is taken only where an override says so (native.sh). Without a scardssp.dll that has its
# functions it ends programs, so it comes after that one and goes before it.

# The first is what --winscard is about; others come with it when they are installed.
forwarder_names='winscard scarddlg'

# forwarder_path WIDTH NAME: of the copy in the prefix, below it
forwarder_path()
{
    echo "drive_c/windows/$(width_dir "$1")/$2.dll"
}

# forwarder_source WIDTH NAME: what is copied into prefixes
forwarder_source()
{
    echo "$scardssp_dir/$(width_arch "$1")-windows/$2.dll"
}

# All of them.
forwarder_paths()
{
    for paths_width in $widths; do
        for paths_name in $forwarder_names; do
            forwarder_path "$paths_width" "$paths_name"
        done
    done
}

# forwarders_known WIDTH: the names of those that the manifest tells of
forwarders_known()
{
    for known_name in $forwarder_names; do
        manifest_entry "$prefix" "$(forwarder_path "$1" "$known_name")"
        [ -z "$entry_hash" ] || echo "$known_name"
    done
}

# ---- which scardssp.dll they would lead to ----

# scardssp_dlls WIDTH: those that a program may get, and so must be of the forwarders' version
scardssp_dlls()
{
    {
        wine_dll_dir "$1"
        printf '%s\n' "${WINEDLLPATH:-}" | tr ':' '\n'
    } | while IFS= read -r serving_dir; do
        serving_file=$serving_dir/$(width_arch "$1")-windows/scardssp.dll
        [ -z "$serving_dir" ] || [ ! -f "$serving_file" ] || printf '%s\n' "$serving_file"
    done
    printf '%s\n' "$prefix/$(dll_path "$1")"
}

# forwarder_matched WIDTH FILE: false when one of them is of another version; then $unmatched is
# that one.
forwarder_matched()
{
    scardssp_dlls "$1" > "$work/serving"
    while IFS= read -r unmatched; do
        [ "$(pe_version "$unmatched")" = "$(pe_version "$2")" ] &&
            forwarder_resolved "$2" "$unmatched" || return 1
    done < "$work/serving"
}

# forwarder_resolved FILE DLL: whether DLL, a scardssp.dll, has all the functions that FILE leads to
forwarder_resolved()
{
    "$tools_dir/scardssp-pe" resolved "$1" "$2" > /dev/null 2>&1
}

# ---- installing ----

# With --winscard, or where an earlier run did it: for the widths that have scardssp.dll now.
forwarders_install()
{
    [ "$winscard" = 1 ] || native_known || return 0
    forwarders_clear || return 0
    forwarders_placed=
    for forwarder_width in $installed; do
        forwarders_place "${forwarder_width%:*}"
    done
    [ -n "$forwarders_placed" ] && native_install || return 0
    for forwarder_width in $installed; do
        forwarders_report "${forwarder_width%:*}"
        [ "$winscard" = 0 ] || forwarders_verify "${forwarder_width%:*}"
    done
}

# forwarders_verify WIDTH: another override may win, of a launcher's or of an older kind.
forwarders_verify()
{
    native_wanted > "$work/verify"
    facts=$work/facts.verify
    for verify_name in $(forwarders_known "$1"); do
        while IFS= read -r verify_program; do
            forwarders_asked "$1" "$verify_program" < /dev/null
            forwarder_serves "$verify_name"
            case $serves in
            '' | ours) continue ;;
            esac
            judged=forwarder-kept judged_dll=
            judged_file=$prefix/$(forwarder_path "$1" "$verify_name")
            forwarder_judgement "$verify_name" "$verify_program" result_of warning "$verify_name"
        done < "$work/verify"
    done
}

# Whether no width has somebody else's DLL, which the override would bring into use there.
forwarders_clear()
{
    clear_good=0
    for clear_width in $widths; do
        for place_name in $forwarder_names; do
            [ -f "$(forwarder_source "$clear_width" "$place_name")" ] || continue
            forwarder_may_replace "$prefix/$(forwarder_path "$clear_width" "$place_name")" ||
                clear_good=1
        done
    done
    return $clear_good
}

# forwarders_place WIDTH: all of that width or none
forwarders_place()
{
    place_names=
    for place_name in $forwarder_names; do
        place_source=$(forwarder_source "$1" "$place_name")
        [ -f "$place_source" ] || [ "$place_name" = winscard ] || continue
        forwarder_can "$1" || return
        place_names="$place_names $place_name"
    done
    for place_name in $place_names; do
        place_path=$(forwarder_path "$1" "$place_name")
        note note-file "BITS=$1" "FILE=$place_path"
        manifest_place "$prefix" "$place_path" "$(forwarder_source "$1" "$place_name")"
        case $placed in
        failed)
            result_of failed "$place_name" file-unwritable "FILE=$prefix/$place_path"
            return 1
            ;;
        new) forwarders_new="${forwarders_new:-} $1" ;;
        esac
        case " $forwarders_placed " in
        *" $place_name "*) ;;
        *) forwarders_placed="$forwarders_placed $place_name" ;;
        esac
    done
}

# Whether $place_source can come; else the reason is told.
forwarder_can()
{
    if [ ! -f "$place_source" ]; then
        result_of failed "$place_name" dll-absent "FILE=$place_source" "BITS=$1"
    elif [ "$(pe_width "$place_source")" != "$1" ] || ! pe_is_forwarder "$place_source"; then
        result_of failed "$place_name" dll-wrong "FILE=$place_source" "BITS=$1" \
            "NAME=$place_name.dll"
    elif ! forwarder_matched "$1" "$place_source"; then
        result_of failed "$place_name" forwarder-unmatched "DLL=$unmatched" "FILE=$place_source" \
            "VERSION=$(pe_version "$unmatched")" "OURS=$(pe_version "$place_source")"
    else
        return 0
    fi
    return 1
}

# forwarder_may_replace FILE: Wine's own copy is as good as none, but somebody else's DLL may be
# what a program works by.
forwarder_may_replace()
{
    is_there "$1" && ! pe_is_wines "$1" && ! pe_is_forwarder "$1" || return 0
    [ "$force" = 0 ] || return 0
    result_of failed "$place_name" forwarder-taken "FILE=$1" "$(whose "$1")"
    return 1
}

# whose FILE: whose DLL it is, as the value WHOSE of a text
whose()
{
    if whose_product=$(pe_product "$1"); then
        printf 'WHOSE=%s\n' "$whose_product"
    else
        echo WHOSE~whose-unknown
    fi
}

# forwarders_report WIDTH: what is there, and for whom
forwarders_report()
{
    report_names=$(forwarders_known "$1" | sed 's/$/.dll/' | paste -s -d ' ')
    [ -n "$report_names" ] || return 0
    report_state=unchanged
    case " ${forwarders_new:-} $native_new " in
    *" $1 "* | *" 1 "*) report_state=ok ;;
    esac
    result_of "$report_state" winscard forwarders-there "BITS=$1" "NAMES=$report_names" \
        "DIR=$(width_dir "$1")" "$(native_whom)"
}

# ---- uninstalling ----

# forwarders_uninstall: what --program names, or all; first the overrides, by which programs find
# the files. False when nothing of it was installed.
forwarders_uninstall()
{
    forwarders_listed || return
    journal_onward
    native_uninstall
    if native_known; then
        result_of ok winscard forwarders-stay "$(native_whom)"
        return
    fi
    forwarders_take_all
    manifest_settle
}

# Whether anything of it is installed; into $uninstall_forwarders the files.
forwarders_listed()
{
    uninstall_forwarders=
    for forwarder_width in $widths; do
        for forwarder_name in $(forwarders_known "$forwarder_width"); do
            uninstall_forwarders="$uninstall_forwarders $forwarder_width:$forwarder_name"
        done
    done
    [ -n "$uninstall_forwarders" ] || native_known
}

forwarders_take_all()
{
    for forwarder_one in $uninstall_forwarders; do
        forwarder_take "${forwarder_one%:*}" "${forwarder_one#*:}"
    done
}

# forwarder_take WIDTH NAME: puts back what was there before
forwarder_take()
{
    take_path=$(forwarder_path "$1" "$2")
    manifest_put_back "$prefix" "$take_path"
    case $put_back in
    removed) result_of ok "$2" forwarder-removed "BITS=$1" "DIR=$(width_dir "$1")" ;;
    restored) result_of ok "$2" forwarder-restored "BITS=$1" "DIR=$(width_dir "$1")" ;;
    left) result_of ok "$2" forwarder-left "BITS=$1" "DIR=$(width_dir "$1")" ;;
    changed) result_of failed "$2" file-replaced "FILE=$take_path" ;;
    failed) result_of failed "$2" file-unremovable "FILE=$take_path" ;;
    esac
}

# With --force: those that no manifest tells of. Wine's own has a copy in each prefix, without which
# programs do not find it.
forwarders_unknown()
{
    for unknown_width in $widths; do
        for unknown_name in $forwarder_names; do
            unknown_file=$prefix/$(forwarder_path "$unknown_width" "$unknown_name")
            [ -f "$unknown_file" ] && pe_is_forwarder "$unknown_file" || continue
            unknown_own=$(wine_dll_dir "$unknown_width") &&
                unknown_own=$unknown_own/$(width_arch "$unknown_width")-windows/$unknown_name.dll
            if [ -f "$unknown_own" ]; then
                place_file "$unknown_own" "$unknown_file" 644
            else
                rm -f "$unknown_file"
            fi || {
                result_of failed "$unknown_name" file-unremovable "FILE=$unknown_file"
                continue
            }
            result_of ok "$unknown_name" forwarder-back "BITS=$unknown_width" \
                "DIR=$(width_dir "$unknown_width")"
        done
    done
}

# ---- what programs get ----

# forwarders_asked WIDTH [PROGRAM]: what the probe of that width finds when it is called as PROGRAM,
# and has the DLLs beside it that lie beside that, into $facts. PROGRAM may be a name alone.
forwarders_asked()
{
    wine_quiet "$(probe_as "$1" "${2:-}")" --forwarders | tr -d '\r' > "$facts"
}

# probe_as WIDTH [PROGRAM]: a copy of the probe, called as PROGRAM, with those DLLs beside it; under
# its own name for what Wine would not start, such as a DLL. A copy, since beside the probe itself
# lie ours, and Wine takes what is not marked from there without any override.
probe_as()
{
    as_dir=$work/as.$1 as_name=scardssp-probe.exe
    case ${2:-} in
    *.[Ee][Xx][Ee]) as_name=${2##*/} ;;
    esac
    as_file=$as_dir/$as_name
    rm -rf "$as_dir"
    mkdir "$as_dir" &&
        cp "$scardssp_dir/$(width_arch "$1")-windows/scardssp-probe.exe" "$as_file" || return
    case ${2:-} in
    */*)
        for as_name in scardssp $forwarder_names; do
            find "${2%/*}/" -maxdepth 1 -iname "$as_name.dll" \
                -exec ln -s {} "$as_dir/$as_name.dll" \; 2> /dev/null
        done
        ;;
    esac
    printf '%s\n' "$as_file"
}

# forwarder_serves NAME: by $facts sets $serves to wines, ours, other (somebody else's, or without
# scardssp.dll), none, or nothing when it is not known; $serves_file is that DLL.
forwarder_serves()
{
    serves='' serves_file=$(fact "$1.path")
    case $(fact "$1.load"),$(fact "$1.builtin"),$(fact "$1.server" | tr '[:upper:]' '[:lower:]') in
    ,*) ;;
    0x00000000,yes,*) serves=wines ;;
    0x00000000,*\\scardssp.dll) serves=ours ;;
    0x00000000,*) serves=other ;;
    *) serves=none ;;
    esac
}

# forwarder_judge WIDTH NAME: by $facts, of programs of any name, sets $judged to the text that
# tells what is wrong with our DLL, $judged_file, and $judged_dll, to which it leads; to nothing
# when all is well or it is not there.
forwarder_judge()
{
    judged='' judged_file=$prefix/$(forwarder_path "$1" "$2") judged_dll=
    forwarder_serves "$2"
    if ! pe_is_forwarder "$judged_file"; then
        ! forwarders_known "$1" | grep -qx "$2" || judged=forwarder-gone
        return
    fi
    forwarder_judge_version "$1"
    [ -z "$judged" ] || return 0
    if ! native_known; then
        [ "$serves" = ours ] || override_of_program "$2" native || judged=forwarder-unused
    elif native_for_all && [ "$serves" != ours ]; then
        judged=forwarder-kept
    fi
}

forwarder_judge_version()
{
    scardssp_dlls "$1" > "$work/serving"
    while IFS= read -r judged_dll; do
        [ -f "$judged_dll" ] || continue
        if ! forwarder_resolved "$judged_file" "$judged_dll"; then
            judged=forwarder-broken
            return
        elif [ "$(pe_version "$judged_dll")" != "$(pe_version "$judged_file")" ]; then
            judged=forwarder-version
            return
        fi
    done < "$work/serving"
}

# forwarder_judgement NAME PROGRAM FUNCTION...: tells it by that function, with the text and its
# values behind its arguments
forwarder_judgement()
{
    judgement_name=$1 judgement_program=$2
    shift 2
    forwarder_told "$judgement_name" "$judgement_program" "$@" "$judged" "FILE=$judged_file" \
        "DLL=$judged_dll" "VERSION=$(pe_version "$judged_dll")" "OURS=$(pe_version "$judged_file")"
}

# forwarder_why NAME PROGRAM: sets $why to the text of by which override that is so, the end of a
# sentence, or to nothing; its values are as override_of leaves them
forwarder_why()
{
    why=by-override
    case $serves in
    ours | other) why_order=native ;;
    *) why_order=builtin ;;
    esac
    override_of "$1" "${2##*/}" "$why_order" || why=
}

# forwarder_told NAME PROGRAM COMMAND...: COMMAND with the values WHO (who serves NAME to PROGRAM),
# WHY (by which override) and theirs behind its arguments
forwarder_told()
{
    forwarder_why "$1" "$2"
    shift 2
    "$@" "WHO~serves-${serves:-none}" "SERVES=$serves_file" "WHY~$why" "NAME=$override_name" \
        "VALUE=$override_value" "WHERE=$override_where"
}

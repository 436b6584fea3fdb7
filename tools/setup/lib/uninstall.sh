# The command uninstall of scardssp-setup.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, manifest.sh, registry.sh, dllpath.sh, install.sh,
# forwarders.sh, scardsvr.sh, journal.sh.

uninstall_main()
{
    wine_find
    if prefix_of_other; then
        [ "$winscard" = 0 ] || stop prefix winscard-other "OWNER=$owner_name" "COMMAND=$command"
        dllpath_uninstall
        finish
    fi
    prefix_require
    prefix_prepare
    prefix_remembered
    journal_recover
    journal_begin
    uninstall_body
    install_end
}

# First what Wine is needed for, and room on the disk; the files go last.
uninstall_body()
{
    if [ "$winscard" = 1 ]; then
        uninstall_winscard
        return
    fi
    registry_end
    journal_onward
    ! forwarders_listed || native_uninstall
    registry_surely system.reg uninstall_registry ||
        result_of failed registry registry-unrestored
    forwarders_take_all
    uninstall_known uninstall_one
    [ "$force" = 0 ] || { forwarders_unknown; uninstall_unknown; }
    dllpath_uninstall
    manifest_close "$prefix"
}

uninstall_registry()
{
    scardsvr_uninstall
    uninstall_known uninstall_register
    [ "$force" = 0 ] || uninstall_unknown_register
    registry_restore
}

# That part alone.
uninstall_winscard()
{
    forwarders_uninstall || [ "$force" = 1 ] ||
        result_of skipped winscard winscard-unknown
    [ "$force" = 0 ] || [ -n "$programs" ] || forwarders_unknown
    manifest_close "$prefix"
}

# uninstall_known FUNCTION: that, for the widths that the manifest tells of
uninstall_known()
{
    if ! manifest_exists "$prefix"; then
        [ "$1" = uninstall_register ] || [ "$force" = 1 ] ||
            result_of skipped prefix uninstall-nothing
        return
    fi
    uninstall_files=" $(manifest_lines "$prefix" file | cut -d ' ' -f 1 | tr '\n' ' ')"
    for uninstall_width in 64 32; do
        case $uninstall_files in
        *" $(dll_path "$uninstall_width") "*)
            # A 32-bit prefix has one directory, which is the 32-bit one.
            case " $widths " in
            *" $uninstall_width "*) "$1" "$uninstall_width" ;;
            esac
            ;;
        esac
    done
}

# uninstall_register WIDTH: unregisters the copy while it is ours
uninstall_register()
{
    one_path=$(dll_path "$1")
    manifest_entry "$prefix" "$one_path"
    if registry_known written && file_is_ours "$prefix/$one_path"; then
        wine_register "$1" /u || note note-unregister "BITS=$1"
    fi
}

# uninstall_one WIDTH: puts back what was there before
uninstall_one()
{
    one_path=$(dll_path "$1")
    manifest_put_back "$prefix" "$one_path"
    case $put_back in
    removed) result_of ok "$1-bit" removed-from "DIR=$(width_dir "$1")" ;;
    restored) result_of ok "$1-bit" removed-restored "DIR=$(width_dir "$1")" ;;
    left) result_of ok "$1-bit" removed-left "DIR=$(width_dir "$1")" ;;
    changed) result_of failed "$1-bit" file-replaced "FILE=$one_path" ;;
    failed) result_of failed "$1-bit" file-unremovable "FILE=$one_path" ;;
    esac
}

# With --force: DLLs of ours that somebody copied by hand, or that Wine itself did.
uninstall_unknown_register()
{
    for unknown_width in $widths; do
        manifest_entry "$prefix" "$(dll_path "$unknown_width")"
        [ -n "$entry_hash" ] || ! pe_is_ours "$prefix/$(dll_path "$unknown_width")" ||
            wine_register "$unknown_width" /u
    done
}

uninstall_unknown()
{
    for unknown_width in $widths; do
        unknown_file=$prefix/$(dll_path "$unknown_width")
        [ -f "$unknown_file" ] && pe_is_ours "$unknown_file" || continue
        if rm -f "$unknown_file"; then
            result_of ok "$unknown_width-bit" removed-from "DIR=$(width_dir "$unknown_width")"
        else
            result_of failed "$unknown_width-bit" file-unremovable "FILE=$unknown_file"
        fi
    done
}

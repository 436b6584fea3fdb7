# The command install of scardssp-setup.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, journal.sh, manifest.sh, registry.sh, dllpath.sh, scardsvr.sh.

install_main()
{
    wine_find
    ! wine_is_old || result_of warning wine wine-old "VERSION=$wine_version"
    if prefix_of_other; then
        [ "$winscard" = 0 ] || stop prefix winscard-other "OWNER=$owner_name" "COMMAND=$command"
        install_ready
        dllpath_install "$ready"
        finish
    fi
    prefix_require
    prefix_prepare
    prefix_remembered
    journal_recover
    install_ready
    [ -n "$ready" ] || finish
    journal_begin
    dllpath_install "$ready"
    registry_begin
    installed=
    for install_width in $ready; do
        install_one "$install_width"
    done
    if [ -n "$installed" ]; then
        install_overrides
        scardsvr_install
    fi
    registry_record
    install_report
    scardsvr_report
    if [ -n "$installed" ]; then
        forwarders_install
    else
        install_undo
    fi
    install_end
}

# After changes: what ends now has ended well.
install_end()
{
    journal_end
    finish
}

# dll_path WIDTH: of the copy in the prefix, below it
dll_path()
{
    echo "drive_c/windows/$(width_dir "$1")/scardssp.dll"
}

# Sets $ready: the widths that have a DLL and can run; the others get their results.
install_ready()
{
    ready=
    for ready_width in 64 32; do
        if install_can "$ready_width"; then
            ready="$ready $ready_width"
        fi
    done
    ready=${ready# }
}

install_can()
{
    case " $widths " in
    *" $1 "*) ;;
    *) return 1 ;;
    esac
    if ! width_works "$1"; then
        wine_stopped
        result_of failed "$1-bit" "$(width_text "$1")" "BITS=$1" "PACKAGES=$(width_packages "$1")"
        return 1
    fi
    if ! can_source=$(dll_source "$1"); then
        result_of failed "$1-bit" dll-absent "BITS=$1" \
            "FILE=$scardssp_dir/$(width_arch "$1")-windows/scardssp.dll"
        return 1
    fi
    [ "$(pe_width "$can_source")" = "$1" ] && pe_is_ours "$can_source" && return 0
    result_of failed "$1-bit" dll-wrong "FILE=$can_source" "BITS=$1" NAME=scardssp.dll
    return 1
}

# install_one WIDTH: file and registration; sets $done_WIDTH for the report.
install_one()
{
    one_path=$(dll_path "$1")
    note note-file "BITS=$1" "FILE=$one_path"
    manifest_place "$prefix" "$one_path" "$(dll_source "$1")"
    if [ "$placed" = failed ]; then
        result_of failed "$1-bit" file-unwritable "FILE=$prefix/$one_path"
    elif wine_register "$1"; then
        installed="$installed $1:$placed"
        return
    else
        wine_stopped
        install_refused "$1"
        wine_register "$1" /u
    fi
    manifest_put_back "$prefix" "$one_path"
}

# install_refused WIDTH: why regsvr32 could not load the DLL; doctor would not see it, since the
# file goes again.
install_refused()
{
    refused_dll=$prefix/$(dll_path "$1")
    if override_find "$refused_dll" regsvr32.exe; then
        result_of failed "$1-bit" override "NAME=$override_name" "VALUE=$override_value" \
            "WHERE=$override_where"
    else
        result_of failed "$1-bit" dll-unregistered "DIR=$(width_dir "$1")"
    fi
}

# Overrides for single programs do not disturb regsvr32, but will those programs.
install_overrides()
{
    overrides_of_programs "$prefix/$(dll_path "${widths%% *}")" > "$work/kept"
    while IFS= read -r kept_key; do
        result_of warning override override-program "WHERE=$kept_key"
    done < "$work/kept"
}

install_report()
{
    for report_width in $installed; do
        report_dir=$(width_dir "${report_width%:*}")
        case ${report_width#*:}$registry_changed in
        unchanged0)
            result_of unchanged "${report_width%:*}-bit" install-same "DIR=$report_dir" ;;
        unchanged1) result_of ok "${report_width%:*}-bit" install-registered "DIR=$report_dir" ;;
        *) result_of ok "${report_width%:*}-bit" install-done "DIR=$report_dir" ;;
        esac
    done
}

# Nothing was installed, so nothing is to stay.
install_undo()
{
    ! scardsvr_known || scardsvr_undo
    registry_restore || result_of failed registry registry-unrestored
    dllpath_uninstall
    manifest_close "$prefix"
}

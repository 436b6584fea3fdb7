# The command status of scardssp-setup: what is there, as a new session would find it.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, manifest.sh, dllpath.sh, install.sh, forwarders.sh,
# scardsvr.sh # and doctor.sh's probe.

status_main()
{
    wine_find
    prefix_require
    ! wine_is_old || result_of warning wine wine-old "VERSION=$wine_version"
    result_of ok wine "status-$prefix_kind" "VERSION=$wine_version"
    if kept_sound; then
        journal_told
    else
        [ "$unsound_text" = manifest-damaged ] || stop prefix "$unsound_text" "FILE=$unsound"
        result_of failed prefix "$unsound_text" "FILE=$unsound"
    fi
    status_session
    status_found=0 status_list=
    for width in $widths; do
        status_width
    done
    for width in $widths; do
        status_forwarders
    done
    scardsvr_status
    [ "$prefix_kind" != win64 ] || result_of warning 32-bit "$(half_absent)"
    if [ "$status_found" = 0 ]; then
        finish 3 "\"kind\": \"$prefix_kind\", \"widths\": [$status_list]"
    fi
    finish 0 "\"kind\": \"$prefix_kind\", \"widths\": [$status_list]"
}

# This shell's WINEDLLPATH tells nothing of the sessions to come.
status_session()
{
    status_here=${WINEDLLPATH:-}
    unset WINEDLLPATH
    session=$(session_file)
    if home_used; then
        status_home
    elif session_is_ours; then
        WINEDLLPATH=$(session_value)
        export WINEDLLPATH
        result_of ok "dll path" session-sets "VALUE=$WINEDLLPATH" "FILE=$session"
        session_needs_login
    elif own_serves_all "$widths"; then
        result_of ok "dll path" path-own
    else
        wine_stopped
        result_of warning "dll path" session-nothing
    fi
}

# The launcher has its own way, which is not seen here.
status_home()
{
    WINEDLLPATH=$(home_dir)
    export WINEDLLPATH
    result_of ok "dll path" status-home "DIR=$WINEDLLPATH"
    for home_file in $(manifest_lines "$WINEDLLPATH" file | cut -d ' ' -f 1); do
        cmp -s "$scardssp_dir/$home_file" "$WINEDLLPATH/$home_file" && continue
        result_of warning "dll path" status-home-old "FILE=$WINEDLLPATH/$home_file"
    done
    if home_app=$(flatpak_app) && ! flatpak_told "$home_app"; then
        result_of warning "dll path" path-flatpak "APP=$home_app" "DIR=$WINEDLLPATH"
    fi
}

session_needs_login()
{
    case :$status_here: in
    *":$WINEDLLPATH:"*) ;;
    *)
        login_find
        result_of warning "dll path" session-late "FIX~$login_text" "PROFILE=$login_file" \
            "DIR=$scardssp_dir"
        ;;
    esac
}

status_width()
{
    part=$width-bit status_dll=$prefix/$(dll_path "$width") facts=$work/facts.$width
    : > "$facts"
    if [ ! -f "$status_dll" ]; then
        result_of skipped "$part" status-absent
        status_entry false
        return
    fi
    status_found=1
    if ! pe_is_ours "$status_dll"; then
        result_of warning "$part" status-foreign "DIR=$(width_dir "$width")"
        status_entry false
        return
    fi
    status_stale
    status_probe
    status_entry true
}

# With a dll path that very file is used and the copy is but a door; without, the copy is.
status_stale()
{
    status_new=$(dll_source "$width") || return 0
    cmp -s "$status_new" "$status_dll" ||
        result_of warning "$part" status-stale "DIR=$(width_dir "$width")" \
            "VERSION=$(pe_version "$status_dll")" "OURS=$(pe_version "$status_new")"
}

status_probe()
{
    if [ ! -f "$(probe_file)" ]; then
        result_of ok "$part" status-version "VERSION=$(pe_version "$status_dll")" \
            "DIR=$(width_dir "$width")"
        return
    fi
    wine_quiet "$(probe_as "$width")" < /dev/null | tr -d '\r' > "$facts"
    if [ "$(fact probe.bits)" != "$width" ]; then
        wine_stopped
        result_of failed "$part" "$(width_text "$width")" "PACKAGES=$(width_packages "$width")"
    elif [ -n "$(fact late)" ]; then
        result_of failed "$part" status-late "NAME=$(fact late)"
    elif ! zero dll.load; then
        result_of failed "$part" status-load
    elif ! status_registered; then
        result_of failed "$part" status-unregistered "VERSION=$(fact version)"
    elif [ "$(fact transport)" = unix ] && ! zero unix.result; then
        result_of failed "$part" status-unix "VERSION=$(fact version)"
    else
        status_so=$(fact unix.file)
        result_of ok "$part" status-ok "VERSION=$(fact version)" "DIR=$(width_dir "$width")" \
            "TRANSPORT=$(fact transport)" "HALF~${status_so:+status-half}" "FILE=$status_so"
        status_types
    fi
}

# Wine registers the classes in a new prefix when a package has put the DLL into its own directory,
# and not the card types, which only install writes. Who removed them later knows why.
status_types()
{
    [ "$(fact types)" = 0 ] && ! manifest_exists "$prefix" || return 0
    result_of warning "$part" status-types
}

status_registered()
{
    grep -q '^class\.' "$facts" && ! grep '^class\.[A-Za-z0-9]*=' "$facts" | grep -qv '=0x00000000$'
}

# Which winscard.dll and the like programs get, and why.
status_forwarders()
{
    facts=$work/facts.$width
    grep -q '^winscard\.load=' "$facts" 2> /dev/null || forwarders_asked "$width"
    for status_name in $forwarder_names; do
        # Of the others it is told only where there is anything to tell.
        [ "$status_name" = winscard ] || [ -f "$(forwarder_source "$width" "$status_name")" ] ||
            forwarders_known "$width" | grep -qx "$status_name" || continue
        forwarder_judge "$width" "$status_name"
        case $judged in
        '') ;;
        forwarder-broken) forwarder_judgement "$status_name" "" result_of failed "$status_name" ;;
        *) forwarder_judgement "$status_name" "" result_of warning "$status_name" ;;
        esac
        status_serves
    done
}

status_serves()
{
    case $serves in
    '' | none) return ;;
    other) status_state=warning ;;
    *) status_state=ok ;;
    esac
    forwarder_told "$status_name" "" result_of "$status_state" "$status_name" status-serves
    native_programs > "$work/programs.ours"
    status_facts=$facts
    while IFS= read -r status_program; do
        facts=$work/facts.as
        forwarders_asked "$width" "$status_program" < /dev/null
        forwarder_serves "$status_name"
        status_state=ok
        [ "$serves" = ours ] || status_state=warning
        forwarder_told "$status_name" "$status_program" result_of "$status_state" "$status_name" \
            status-serves-program "PROGRAM=$status_program"
    done < "$work/programs.ours"
    facts=$status_facts
}

# status_entry INSTALLED: the width for --json
status_entry()
{
    status_known=null
    if [ -s "$facts" ]; then
        status_known=false
        ! status_registered || status_known=true
    fi
    status_list="$status_list${status_list:+, }{\"bits\": $width, \"installed\": $1, \
\"file\": $(json_string "$status_dll"), \"version\": $(json_string "$(fact version)"), \
\"registered\": $status_known, \"transport\": $(json_string "$(fact transport)"), \
\"unix\": $(json_string "$(fact unix.file)")}"
}

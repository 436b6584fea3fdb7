# The command status of scardssp-setup: what is there, as a new session would find it.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, manifest.sh, dllpath.sh, install.sh, forwarders.sh,
# scardsvr.sh # and doctor.sh's probe.

status_main()
{
    wine_find
    prefix_require
    ! wine_is_old || result_of warning wine wine-old "VERSION=$wine_version"
    result wine ok "$wine_version, $(status_kind) prefix"
    journal_told
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

status_kind()
{
    case $prefix_kind in
    win32) echo 32-bit ;;
    win64) echo "64-bit only" ;;
    *) echo "64-bit and 32-bit" ;;
    esac
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
        result "dll path" ok "WINEDLLPATH=$WINEDLLPATH by $session"
        session_needs_login
    elif own_serves_all "$widths"; then
        result "dll path" ok "Wine's own directory has scardssp"
    else
        wine_stopped
        result "dll path" warning "nothing sets WINEDLLPATH for new sessions" \
            "$me install, or start programs by scardssp-run"
    fi
}

# The launcher has its own way, which is not seen here.
status_home()
{
    WINEDLLPATH=$(home_dir)
    export WINEDLLPATH
    result "dll path" ok "for launchers: WINEDLLPATH=$WINEDLLPATH"
    for home_file in $(manifest_lines "$WINEDLLPATH" file | cut -d ' ' -f 1); do
        cmp -s "$scardssp_dir/$home_file" "$WINEDLLPATH/$home_file" && continue
        result "dll path" warning "$WINEDLLPATH/$home_file is not the installed one" "$me install"
    done
    if home_app=$(flatpak_app) && ! flatpak_told "$home_app"; then
        result_of warning "dll path" path-flatpak "APP=$home_app" "DIR=$WINEDLLPATH"
    fi
}

session_needs_login()
{
    case :$status_here: in
    *":$WINEDLLPATH:"*) ;;
    *) result "dll path" warning "this session does not have it yet" "$(login_fix)" ;;
    esac
}

status_width()
{
    part=$width-bit status_dll=$prefix/$(dll_path "$width") facts=$work/facts.$width
    : > "$facts"
    if [ ! -f "$status_dll" ]; then
        result "$part" skipped "not installed"
        status_entry false
        return
    fi
    status_found=1
    if ! pe_is_ours "$status_dll"; then
        result "$part" warning "$(width_dir "$width") has a scardssp.dll of somebody else" \
            "$me install puts ours there; uninstall brings it back"
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
        result "$part" warning "the copy in $(width_dir "$width"), $(pe_version "$status_dll"), is \
not the installed one, $(pe_version "$status_new")" "$me install"
}

status_probe()
{
    if [ ! -f "$(probe_file)" ]; then
        result "$part" ok "version $(pe_version "$status_dll") in $(width_dir "$width")"
        return
    fi
    wine_quiet "$(probe_as "$width")" < /dev/null | tr -d '\r' > "$facts"
    if [ "$(fact probe.bits)" != "$width" ]; then
        wine_stopped
        result_of failed "$part" "$(width_text "$width")" "PACKAGES=$(width_packages "$width")"
    elif [ -n "$(fact late)" ]; then
        result "$part" failed "what is asked does not answer: $(fact late)" "$me doctor"
    elif ! zero dll.load; then
        result "$part" failed "the DLL does not load in a new session" "$me doctor"
    elif ! status_registered; then
        result "$part" failed "version $(fact version), but not registered" "$me install"
    elif [ "$(fact transport)" = unix ] && ! zero unix.result; then
        result "$part" failed "version $(fact version), but no unix half in a new session" \
            "$me doctor"
    else
        result "$part" ok "version $(fact version) in $(width_dir "$width"), registered, \
transport $(fact transport)$(status_half)"
        status_types
    fi
}

# Wine registers the classes in a new prefix when a package has put the DLL into its own directory,
# and not the card types, which only install writes. Who removed them later knows why.
status_types()
{
    [ "$(fact types)" = 0 ] && ! manifest_exists "$prefix" || return 0
    result "$part" warning "the card database has no card types, so programs do not find the \
provider of a card" "$me install"
}

status_half()
{
    status_so=$(fact unix.file)
    [ -z "$status_so" ] || printf ', unix half %s' "$status_so"
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
    result "$status_name" "$status_state" \
        "$width-bit: programs get $(forwarder_who)$(forwarder_why "$status_name" "")"
    native_programs > "$work/programs.ours"
    status_facts=$facts
    while IFS= read -r status_program; do
        facts=$work/facts.as
        forwarders_asked "$width" "$status_program" < /dev/null
        forwarder_serves "$status_name"
        status_state=ok
        [ "$serves" = ours ] || status_state=warning
        result "$status_name" "$status_state" "$width-bit: $status_program gets \
$(forwarder_who)$(forwarder_why "$status_name" "$status_program")"
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

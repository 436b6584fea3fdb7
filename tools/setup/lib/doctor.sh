# The command doctor of scardssp-setup: the first broken link of each width, and its remedy.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, dllpath.sh, install.sh, forwarders.sh, scardsvr.sh and the
# file doctor-texts.
#
# scardssp-probe.exe of each width tells what it finds on its way to the card; the rest is to see
# why. A function named after a link is true when that holds, else it has told what is broken.

doctor_main()
{
    wine_find
    ! wine_is_old || { broken wine wine-old "VERSION=$wine_version" || doctor_end; }
    result_of ok wine wine-found "VERSION=$wine_version"
    { doctor_prefix && doctor_path && doctor_program "${1:-}"; } || doctor_end
    for width in $doctor_widths; do
        doctor_width
    done
    doctor_end
}

doctor_end()
{
    finish 0 "\"broken\": [${broken_links:-}], \"doubtful\": [${doubtful_links:-}]"
}

# ---- telling ----

# link PART ID: for the members "broken" and "doubtful" of --json
link()
{
    printf '{"part": "%s", "link": "%s"}' "$1" "$2"
}

# broken PART ID [NAME=VALUE...]: the chain ends here. Always false.
broken()
{
    broken_part=$1 broken_id=$2
    shift 2
    broken_links="${broken_links:+$broken_links, }$(link "$broken_part" "$broken_id")"
    result_of failed "$broken_part" "$broken_id" "$@"
    return 1
}

# doubtful PART ID [NAME=VALUE...]: worth a warning, but the chain holds.
doubtful()
{
    doubtful_part=$1 doubtful_id=$2
    shift 2
    doubtful_links="${doubtful_links:+$doubtful_links, }$(link "$doubtful_part" "$doubtful_id")"
    result_of warning "$doubtful_part" "$doubtful_id" "$@"
}

# ---- what both widths share ----

doctor_prefix()
{
    prefix_find
    if ! prefix_works; then
        prefix_told broken
        return
    fi
    prefix_trusted || broken prefix prefix-others "DIR=$trusted_not" || return
    kept_sound || broken prefix "$unsound_text" "FILE=$unsound" || return
    ! journal_found || broken prefix stopped "COMMAND=$journal_command" || return
    disk_has "$prefix" 65536 || doubtful prefix disk-full "FILE=$prefix/system.reg" "SIZE=64" \
        "WHERE=$(disk_of "$prefix")"
    [ -d "$prefix/dosdevices/z:/" ] || [ ! -d "$prefix/dosdevices" ] ||
        doubtful prefix prefix-drive-z "FILE=$prefix/dosdevices/z:"
    [ -f "$prefix/user.reg" ] || prefix_busy || doubtful prefix prefix-user "FILE=$prefix/user.reg"
    result_of ok prefix "prefix-$prefix_kind"
}

doctor_path()
{
    doctor_widths=$widths
    case :${WINEDLLPATH:-}: in
    *:[!/:]*)
        broken "dll path" path-relative "VALUE=$WINEDLLPATH"
        return
        ;;
    esac
    ! home_used || path_home
}

# This shell's WINEDLLPATH is not the launcher's.
path_home()
{
    WINEDLLPATH=${WINEDLLPATH:+$WINEDLLPATH:}$(home_dir)
    export WINEDLLPATH
    if home_app=$(flatpak_app) && ! flatpak_told "$home_app"; then
        doubtful "dll path" path-flatpak "APP=$home_app" "DIR=$(home_dir)"
    fi
    return 0
}

width_runs()
{
    [ "$width" = 64 ] || kernel_runs || return
    broken "$part" width "PACKAGES=$(width_packages "$width")"
}

# Whether it is not the kernel that keeps 32-bit programs from running.
kernel_runs()
{
    kernel_refuses || return 0
    case $kernel_why in
    none) broken "32-bit" kernel-none ;;
    programs) broken "32-bit" kernel-programs ;;
    code) broken "32-bit" kernel-code ;;
    esac
}

# ---- the chain of one width ----

doctor_width()
{
    part=$width-bit
    facts=$work/facts.$width
    probed && not_overridden && dll_there && dll_loads && registered && scardsvr_there &&
        forwarders_sound && dll_current && half_found &&
        library_found && service_found && objects_made && reader_found && card_answers
}

probe_file()
{
    echo "$scardssp_dir/$(width_arch "$width")-windows/scardssp-probe.exe"
}

# fact KEY: what the probe says, "" when it does not
fact()
{
    KEY=$1 awk 'index($0, ENVIRON["KEY"] "=") == 1 {
        print substr($0, length(ENVIRON["KEY"]) + 2); exit }' "$facts"
}

# code KEY: the same of a code, without 0x; zero KEY: whether it is there and 0
code()
{
    fact "$1" | sed 's/^0x//'
}

zero()
{
    [ "$(fact "$1")" = 0x00000000 ]
}

probed()
{
    [ -f "$(probe_file)" ] || broken "$part" probe-missing "FILE=$(probe_file)" || return
    wine_quiet "$(probe_as "$width")" | tr -d '\r' > "$facts"
    [ "$(fact probe.bits)" = "$width" ] && [ ! -f "$work/wine.late" ] && return
    wine_stopped
    width_runs
}

# Before the file is looked for: where the override stands, install puts none there.
not_overridden()
{
    dll_file=$prefix/$(dll_path "$width")
    if { ! zero dll.load || [ -n "$program" ]; } &&
        override_find "$dll_file" "${program##*/}"; then
        broken "$part" override "NAME=$override_name" "VALUE=$override_value" \
            "WHERE=$override_where"
    else
        overrides_noted
    fi
}

# Once, when no program was named: those of single programs.
overrides_noted()
{
    [ -z "$program$overrides_told" ] || return 0
    overrides_told=1
    overrides_of_programs "$dll_file" > "$work/kept"
    while IFS= read -r kept_key; do
        doubtful override override-program "WHERE=$kept_key"
    done < "$work/kept"
}
overrides_told=

dll_there()
{
    if [ ! -f "$dll_file" ]; then
        broken "$part" dll-missing "DIR=$(dirname "$dll_file")"
    elif [ "$(pe_width "$dll_file")" != "$width" ]; then
        broken "$part" dll-width "FILE=$dll_file"
    fi
}

dll_loads()
{
    if ! zero dll.load; then
        broken "$part" dll-load "FILE=$dll_file" "CODE=$((0x$(code dll.load)))"
    elif [ "$(fact dll.query)" != yes ]; then
        broken "$part" dll-foreign "FILE=$dll_file"
    elif [ "$(fact late)" = service ]; then
        service_late
    else
        result_of ok "$part" dll-loads "DIR=$(width_dir "$width")" "VERSION=$(fact version)"
    fi
}

registered()
{
    sed -n 's/^class\.\([A-Za-z0-9]*\)=/\1 /p' "$facts" > "$work/classes"
    while read -r class class_code; do
        case $class_code in
        0x00000000) continue ;;
        0x80040154) broken "$part" not-registered "CLASS=$class" ;;
        *) broken "$part" class-load "CLASS=$class" "CODE=${class_code#0x}" \
            "FILE=$(fact "class.$class.server")" ;;
        esac
        return 1
    done < "$work/classes"
    result_of ok "$part" classes "COUNT=$(awk 'END { print NR }' "$work/classes")"
}

# Once: the service that programs may ask Windows for. The chain does not need it.
scardsvr_there()
{
    [ -z "$scardsvr_noted" ] && grep -q '^scardsvr=' "$facts" || return 0
    scardsvr_noted=1
    scardsvr_judge
    if [ "$scardsvr_whose" = none ]; then
        doubtful service scardsvr-missing
    elif scardsvr_should_run; then
        doubtful service scardsvr-stopped
    elif [ "$scardsvr_whose" != unknown ]; then
        scardsvr_tell result_of ok service
        [ -z "$program" ] || scardsvr_wanted
    fi
    return 0
}
scardsvr_noted=

# A program may want that it runs, or start it first.
scardsvr_wanted()
{
    grep -q '^program\.service=' "$work/facts.program" && [ "$scardsvr_runs" = no ] || return 0
    scardsvr_say
    doubtful program program-service "FILE=$program_name" "SERVICE~$say_text" \
        "STATE~$say_state" "PATH=$(fact scardsvr.path)"
}

# Whether what lies in the prefix in place of Wine's DLLs is whole, and leads to a DLL that has its
# functions.
forwarders_sound()
{
    for forwarder_name in $forwarder_names; do
        forwarder_judge "$width" "$forwarder_name"
        case $judged in
        '') [ "$serves" != ours ] || forwarder_told "$forwarder_name" "" result_of ok "$part" \
            forwarder-good "DLL=$forwarder_name.dll" ;;
        *) forwarder_doubted || return ;;
        esac
    done
}

forwarder_doubted()
{
    doubted_ours=$(pe_version "$judged_file") doubted_version=$(pe_version "$judged_dll")
    case $judged in
    forwarder-broken) broken "$part" forwarder-broken "FILE=$judged_file" "OURS=$doubted_ours" \
        "DLL=$judged_dll" "VERSION=$doubted_version" ;;
    forwarder-version) doubtful "$part" forwarder-version "FILE=$judged_file" \
        "OURS=$doubted_ours" "DLL=$judged_dll" "VERSION=$doubted_version" ;;
    forwarder-gone) doubtful "$part" forwarder-gone "FILE=$judged_file" ;;
    forwarder-unused) doubtful "$part" forwarder-unused "FILE=$judged_file" ;;
    forwarder-kept) forwarder_told "$forwarder_name" "" doubtful "$part" forwarder-kept \
        "FILE=$judged_file" ;;
    esac
}

# After an upgrade: Wine takes the new DLL all the same, but what else install writes is the old.
dll_current()
{
    current_dll=$(dll_source "$width") && pe_is_ours "$dll_file" &&
        ! cmp -s "$current_dll" "$dll_file" || return 0
    doubtful "$part" dll-stale "DIR=$(width_dir "$width")" "VERSION=$(pe_version "$dll_file")" \
        "OURS=$(pe_version "$current_dll")"
}

# ---- from the DLL to pcscd ----

# The DLL also goes over winscard.dll, if that was set, or if there is no unix half and it works.
half_found()
{
    half_verdict=broken
    [ "$(fact transport)" = unix ] || half_verdict=doubtful
    half_abi=$(fact unix.abi)
    if zero unix.result; then
        result_of ok "$part" half-found "FILE=$(fact unix.file)"
    elif [ -n "$half_abi" ] && [ "$half_abi" != "$(fact abi)" ]; then
        "$half_verdict" "$part" abi "OURS=$(fact abi)" "THEIRS=$half_abi"
    else
        half_missing
    fi || return
    [ "$half_verdict" = broken ] || result_of ok "$part" half-instead
}

# Why Wine has none: by the directories that it looks into.
half_missing()
{
    half_dir=$(half_search)
    if [ -z "$half_dir" ]; then
        path_missing
        return
    fi
    half_arch=$(width_unix_arch "$width" "$(unix_path "$(fact dlldir.0)")")
    half_file=$half_dir/$half_arch-unix/scardssp.so
    if override_find "$dll_file" ""; then
        "$half_verdict" "$part" so-native "FILE=$dll_file"
    elif [ ! -f "$half_file" ]; then
        "$half_verdict" "$part" so-missing "FILE=$half_file"
    else
        "$half_verdict" "$part" so-unusable "FILE=$half_file" \
            "$(loader_reason "$half_file" "$half_arch")"
    fi
}

# loader_reason FILE ARCH: what the system's loader says of it, as the value REASON of a text; when
# it finds nothing wrong, or there is none, what the DLL itself says
loader_reason()
{
    reason_loader=/lib64/ld-linux-x86-64.so.2
    [ "$2" = x86_64 ] || reason_loader=/lib/ld-linux.so.2
    reason_said=$(LC_ALL=C limited 10 "$reason_loader" --list "$1" 2>&1 |
        sed -n -e 's/^.*error while loading shared libraries: //p' \
            -e '/not found/s/^[[:blank:]]*//p' |
        head -n 1)
    [ -n "$reason_said" ] || reason_said=$(fact unix.text)
    if [ -n "$reason_said" ]; then
        printf 'REASON=%s\n' "$reason_said"
    else
        echo REASON~reason-silent
    fi
}

# The first of Wine's dll directories that has our DLL.
half_search()
{
    sed -n 's/^dlldir\.[0-9]*=//p' "$facts" > "$work/dlldirs"
    while read -r search_dir; do
        search_dir=$(unix_path "$search_dir") || continue
        if [ -f "$search_dir/$(width_arch "$width")-windows/scardssp.dll" ]; then
            printf '%s\n' "$search_dir"
            return
        fi
    done < "$work/dlldirs"
}

path_missing()
{
    case $scardssp_dir in
    *:*)
        "$half_verdict" "$part" path-colon "DIR=$scardssp_dir"
        return
        ;;
    esac
    if grep -qxF "# prefix: $prefix" "$(session_file)" 2> /dev/null; then
        login_find
        "$half_verdict" "$part" path-login "FILE=$(session_file)" "FIX~$login_text" \
            "PROFILE=$login_file" "DIR=$scardssp_dir"
    else
        "$half_verdict" "$part" path-unset
    fi
}

library_found()
{
    [ "$(fact transport)" = unix ] || return 0
    if [ -n "$(fact pcsclite.name)" ]; then
        result_of ok "$part" library-found "FILE=$(fact pcsclite.file)"
        return
    fi
    # The sentence is: what cannot be loaded (why): remedy.
    library_reason=$(fact unix.text | sed 's/^[^(]*(\(.*\)):.*/\1/')
    if [ -n "${SCARDSSP_PCSCLITE:-}" ]; then
        broken "$part" pcsclite-variable "REASON=$library_reason"
    else
        broken "$part" pcsclite-missing "REASON=$library_reason"
    fi
}

service_found()
{
    socket=$(fact socket)
    case $(code service.result) in
    00000000) result_of ok "$part" "service-answers${socket:+-at}" "SOCKET=$socket" ;;
    8010006a) service_refuses ;;
    *)
        if [ "$(fact transport)" = winscard ] && [ -e "${socket:-/}" ]; then
            broken "$part" transport
        elif [ "$(code service.result)" = 8010001d ]; then
            service_missing
        else
            broken "$part" service "CODE=$(code service.result)"
        fi
        ;;
    esac
}

service_missing()
{
    if [ -n "$socket" ] && [ -e "$socket" ]; then
        service_takes "$socket" || return
        # Newer libraries say so of one that closes, too.
        if listens "$socket"; then
            broken "$part" service-closes "SOCKET=$socket"
            return
        fi
        broken "$part" socket-silent "SOCKET=$socket"
    elif [ -e /.flatpak-info ]; then
        broken "$part" socket-flatpak
    elif [ -d /run/pressure-vessel ]; then
        broken "$part" socket-steam
    elif [ -n "${PCSCLITE_CSOCK_NAME:-}" ]; then
        broken "$part" socket-variable "SOCKET=$PCSCLITE_CSOCK_NAME"
    else
        broken "$part" socket-missing "SOCKET=${socket:-/run/pcscd/pcscd.comm}"
    fi
}

# The daemon closed the connection without a word, for which it has several reasons.
service_refuses()
{
    refused_socket=${socket:-${PCSCLITE_CSOCK_NAME:-/run/pcscd/pcscd.comm}}
    if [ -e "$refused_socket" ] && [ ! -w "$refused_socket" ]; then
        broken "$part" socket-permission "SOCKET=$refused_socket"
        return
    fi
    service_takes "$refused_socket" || return
    if polkit_refuses; then
        broken "$part" polkit "USER=$(id -un)"
    else
        broken "$part" service-closes "SOCKET=$refused_socket"
    fi
}

# service_takes SOCKET: false, after telling so, when its pcscd takes no more connections
service_takes()
{
    full_count=$(connections "$1")
    [ "$full_count" -lt "$(pcscd_room)" ] || broken "$part" service-full "COUNT=$full_count"
}

# listens SOCKET: whether somebody does
listens()
{
    SOCKET=$1 awk '$4 == "00010000" && $8 == ENVIRON["SOCKET"] { found = 1 } END { exit !found }' \
        /proc/net/unix 2> /dev/null
}

# connections SOCKET: how many the daemon holds there
connections()
{
    SOCKET=$1 awk '$6 == "03" && $8 == ENVIRON["SOCKET"] { n++ } END { print n + 0 }' \
        /proc/net/unix 2> /dev/null || echo 0
}

# The command line of each pcscd, one a line, with a blank behind each word.
pcscd_commands()
{
    grep -lx pcscd /proc/[0-9]*/comm 2> /dev/null | while read -r commands_comm; do
        { tr '\0' ' ' < "${commands_comm%comm}cmdline"; } 2> /dev/null && echo
    done
}

# As many as pcscd takes: 200, unless it was started with another number.
pcscd_room()
{
    room=$(pcscd_commands | sed -n 's/.* \(-T *\|--max-thread[= ]\)\([1-9][0-9]*\) .*/\2/p' |
        sort -n | head -n 1)
    echo "${room:-200}"
}

# Whether polkit itself says so of this user, or cannot be asked here and is in use.
polkit_refuses()
{
    command -v pkcheck > /dev/null || return 1
    limited 10 pkcheck --action-id org.debian.pcsc-lite.access_pcsc --process $$ > /dev/null 2>&1
    case $? in
    1 | 2 | 3) return 0 ;;
    esac
    return 1
}

# Something accepts and never answers.
service_late()
{
    late_socket=${PCSCLITE_CSOCK_NAME:-/run/pcscd/pcscd.comm}
    broken "$part" service-late "SOCKET=$late_socket" "SECONDS=$(fact late.seconds)"
}

# ---- from pcscd to the card ----

objects_made()
{
    object=$(sed -n 's/^object\.\([A-Za-z0-9]*\)=0x\(.*\)/\1 \2/p' "$facts" |
        awk '$2 != "00000000" { print; exit }')
    if [ "$(fact late)" = object ]; then
        service_late
    elif [ -n "$object" ]; then
        broken "$part" object "CLASS=${object% *}" "CODE=${object#* }"
    fi
}

reader_found()
{
    readers=$(sed -n 's/^reader\.[0-9]*=//p' "$facts" | awk '{ printf "%s%s", s, $0; s = ", " }')
    if [ "$(fact late)" = readers ]; then
        service_late
    elif ! zero readers; then
        case $(code readers) in
        8010002e) broken "$part" no-reader ;;
        *) broken "$part" service "CODE=$(code readers)" ;;
        esac
    elif [ -z "$readers" ]; then
        broken "$part" no-reader
    else
        result_of ok "$part" readers "READERS=$readers"
    fi
}

# One card that answers is enough; else the first that is there tells why not.
card_answers()
{
    card=$(sed -n 's/^card\.\([0-9]*\)=0x/\1 /p' "$facts" | awk '
        $2 == "00000000" { best = $0; exit }
        best == "" || best ~ / 8010000c$/ { best = $0 }
        END { print best }')
    card_reader=$(fact "reader.${card% *}")
    if [ "${card#* }" != 00000000 ] && [ -n "$(fact late)" ]; then
        broken "$part" card-late "SECONDS=$(fact late.seconds)" \
            "READERS=$(sed -n 's/^reader\.[0-9]*=//p' "$facts" | tail -n 1)"
        return
    fi
    case ${card#* } in
    00000000) result_of ok "$part" card-answers "READERS=$card_reader" \
        "ATR=$(fact "card.${card% *}.atr")" ;;
    8010000c) broken "$part" no-card "READERS=$readers" ;;
    8010000b) broken "$part" card-shared ;;
    80100068) broken "$part" card-reset ;;
    80100066 | 80100067) broken "$part" card-mute "READERS=$card_reader" ;;
    80100009) broken "$part" reader-name "READERS=$card_reader" ;;
    *) broken "$part" card "READERS=$card_reader" "CODE=${card#* }" ;;
    esac
}

# ---- a program ----

# doctor_program FILE: what it needs; then only its width is looked at. "" is no program.
doctor_program()
{
    [ -n "$1" ] || return 0
    case $1 in
    [A-Za-z]:[/\\]*) program=$(unix_path "$1") || program=$1 ;;
    esac
    part=program
    program_name=$(basename "$program")
    program_reason=
    if [ ! -f "$program" ] || [ ! -r "$program" ]; then
        program_reason="program-unread"
    elif ! width=$(pe_width "$program"); then
        program_reason="program-none"
    fi
    if [ -n "$program_reason" ]; then
        broken program program-refused "FILE=$program_name" "REASON~$program_reason"
        return
    fi
    doctor_widths=$width
    case " $widths " in
    *" $width "*) ;;
    *)
        [ "$width" = 64 ] || kernel_runs || return
        broken program program-width "FILE=$program_name"
        return
        ;;
    esac
    facts=$work/facts.program
    [ -f "$(probe_file)" ] || broken program probe-missing "FILE=$(probe_file)" || return
    wine_reading "$program" "$(probe_as "$width" "$program")" --program - | tr -d '\r' > "$facts"
    if [ -n "$(fact program.error)" ]; then
        broken program program-refused "FILE=$program_name" "REASON=$(fact program.error)"
    elif [ -n "$(fact program.bits)" ]; then
        program_needs
    else
        wine_stopped
        width_runs
    fi
}

# needs KEY DLL: whether the program imports or mentions it
needs()
{
    grep -qxF "program.$1=$2" "$facts"
}

program_needs()
{
    program_classes=$(sed -n 's/^program\.class=//p' "$facts" | tr '\n' ' ')
    if needs import scardssp || needs delayimport scardssp || needs mention scardssp ||
        [ -n "$program_classes" ]; then
        result_of ok program "program-needs${program_classes:+-classes}" "FILE=$program_name" \
            "CLASSES=${program_classes% }"
    elif ! grep -qE '^program\.(import|delayimport|mention|service)=' "$facts"; then
        doubtful program program-nothing "FILE=$program_name"
    fi
    if grep -q '^program\.service=' "$facts"; then
        result_of ok program program-names-service "FILE=$program_name"
    fi
    program_winscard
    program_scarddlg
    return 0
}

program_winscard()
{
    if needs import winscard; then
        program_verdict=broken
    elif needs delayimport winscard || needs mention winscard; then
        program_verdict=doubtful
    else
        return
    fi
    if [ "$(fact late)" = winscard ]; then
        service_late
        return
    fi
    program_code=$(code winscard.establish)
    forwarder_serves winscard
    case $serves in
    ours) forwarder_told winscard "$program" result_of ok program program-ours \
        "FILE=$program_name" DLL=winscard.dll ;;
    other) program_other ;;
    none) "$program_verdict" program program-load "FILE=$program_name" \
        "CODE=$((0x$(code winscard.load)))" ;;
    *) program_wines ;;
    esac
}

program_other()
{
    other_file=$(unix_path "$serves_file") && other_file=$(readlink -f "$other_file") ||
        other_file=$serves_file
    if pe_is_forwarder "$other_file"; then
        "$program_verdict" program forwarder-alone "FILE=$program_name" "DLL=$other_file"
    else
        forwarder_why winscard "$program"
        doubtful program program-other "FILE=$program_name" "DLL=$other_file" \
            "$(whose "$other_file")" "WHY~${why:+or-override}" "NAME=$override_name" \
            "VALUE=$override_value" "WHERE=$override_where"
    fi
}

# Wine's own, which may be good enough.
program_wines()
{
    case $program_code in
    00000000) result_of ok program program-wines "FILE=$program_name" ;;
    8010001d | 8010006a) result_of ok program program-pcscd "FILE=$program_name" ;;
    *)
        if override_of winscard "$program_name" builtin; then
            "$program_verdict" program program-kept "FILE=$program_name" "CODE=$program_code" \
                "NAME=$override_name" "VALUE=$override_value" "WHERE=$override_where"
        elif [ "$program_code" = 80100004 ]; then
            "$program_verdict" program program-wow "FILE=$program_name" "CODE=$program_code"
        else
            "$program_verdict" program program-winscard "FILE=$program_name" "CODE=$program_code"
        fi
        ;;
    esac
}

program_scarddlg()
{
    if needs import scarddlg || needs delayimport scarddlg || needs mention scarddlg; then
        forwarder_serves scarddlg
        case $serves in
        ours) forwarder_told scarddlg "$program" result_of ok program program-ours \
            "FILE=$program_name" DLL=scarddlg.dll ;;
        other) ;;
        *)
            if [ -f "$(forwarder_source "$width" scarddlg)" ]; then
                doubtful program program-dialog "FILE=$program_name"
            else
                doubtful program program-scarddlg "FILE=$program_name"
            fi
            ;;
        esac
    fi
}

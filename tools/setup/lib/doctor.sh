# The command doctor of scardssp-setup: the first broken link of each width, and its remedy.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, dllpath.sh, install.sh and the file doctor-texts.
#
# scardssp-probe.exe of each width tells what it finds on its way to the card; the rest is to see
# why. A function named after a link is true when that holds, else it has told what is broken.

doctor_main()
{
    wine_find
    result wine ok "$wine_version"
    { doctor_prefix && doctor_path && doctor_program "${1:-}"; } || doctor_end
    for width in $doctor_widths; do
        doctor_width
    done
    [ "$doctor_widths" != 64 ] || [ -n "${1:-}" ] ||
        result 32-bit skipped "this prefix has no 32-bit half"
    doctor_end
}

doctor_end()
{
    finish 0 "\"broken\": [${broken_links:-}], \"doubtful\": [${doubtful_links:-}]"
}

# ---- telling ----

# told ID FIELD [NAME=VALUE...]: that text of doctor-texts
told()
(
    told_id=$1 told_field=$2
    shift 2
    for told_value in "PREFIX=$prefix" "BITS=${width:-}" "$@"; do
        export "told_$told_value"
    done
    ID=$told_id FIELD=$told_field awk '
        /^\[/ { here = $0 == "[" ENVIRON["ID"] "]" }
        here && index($0, ENVIRON["FIELD"] ": ") == 1 {
            rest = substr($0, length(ENVIRON["FIELD"]) + 3)
            while (match(rest, /\{[A-Z]+\}/)) {
                name = substr(rest, RSTART + 1, RLENGTH - 2)
                text = text substr(rest, 1, RSTART - 1) \
                    (("told_" name) in ENVIRON ? ENVIRON["told_" name] : "{" name "}")
                rest = substr(rest, RSTART + RLENGTH)
            }
            print text rest
        }' "$setup_lib/doctor-texts"
)

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
    result "$broken_part" failed "$(told "$broken_id" cause "$@")" "$(told "$broken_id" fix "$@")"
    return 1
}

# doubtful PART ID [NAME=VALUE...]: worth a warning, but the chain holds.
doubtful()
{
    doubtful_part=$1 doubtful_id=$2
    shift 2
    doubtful_links="${doubtful_links:+$doubtful_links, }$(link "$doubtful_part" "$doubtful_id")"
    result "$doubtful_part" warning "$(told "$doubtful_id" cause "$@")" \
        "$(told "$doubtful_id" fix "$@")"
}

# ---- what both widths share ----

doctor_prefix()
{
    prefix_find
    case $prefix_kind in
    missing) broken prefix prefix-missing ;;
    file) broken prefix prefix-file ;;
    closed) broken prefix prefix-closed "USER=$(id -un)" ;;
    foreign) broken prefix prefix-foreign "OWNER=$(stat -c %U "$prefix")" ;;
    broken) broken prefix prefix-broken ;;
    *)
        prefix_trusted || broken prefix prefix-others "DIR=$trusted_not" || return
        result prefix ok "$prefix runs $(echo "$widths" | sed 's/\([0-9]*\)/\1-bit/g; s/ / and /') \
programs"
        ;;
    esac
}

doctor_path()
{
    doctor_widths=$widths
    case :${WINEDLLPATH:-}: in
    *:[!/:]*) broken "dll path" path-relative "VALUE=$WINEDLLPATH" ;;
    esac
}

# ---- the chain of one width ----

doctor_width()
{
    part=$width-bit
    facts=$work/facts.$width
    probed && dll_there && dll_loads && registered && half_found && library_found &&
        service_found && objects_made && reader_found && card_answers
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
    wine_quiet "$(probe_file)" | tr -d '\r' > "$facts"
    [ "$(fact probe.bits)" = "$width" ] || broken "$part" width
}

dll_there()
{
    dll_file=$prefix/$(dll_path "$width")
    if [ ! -f "$dll_file" ]; then
        broken "$part" dll-missing "DIR=$(dirname "$dll_file")"
    elif [ "$(pe_width "$dll_file")" != "$width" ]; then
        broken "$part" dll-width "FILE=$dll_file"
    fi
}

dll_loads()
{
    override_where=
    if ! zero dll.load; then
        override_find
    elif [ -n "$program" ]; then
        override_of_program
    fi
    if [ -n "$override_where" ]; then
        broken "$part" override "VALUE=$override_value" "WHERE=$override_where"
    elif ! zero dll.load; then
        broken "$part" dll-load "FILE=$dll_file" "CODE=$((0x$(code dll.load)))"
    elif [ "$(fact dll.query)" != yes ]; then
        broken "$part" dll-foreign "FILE=$dll_file"
    else
        result "$part" ok "the DLL is in $(width_dir "$width"), version $(fact version)"
    fi
}

# Sets $override_where and $override_value; the former "" when no override keeps Wine from loading
# a DLL as its own.
override_find()
{
    override_value=$(printf '%s\n' "${WINEDLLOVERRIDES:-}" | tr ';' '\n' | awk -F = '
        { n = split($1, names, ",")
          for (i = 1; i <= n; i++)
              if (tolower(names[i]) ~ /^ *\*?scardssp(\.dll)? *$/) found = "=" $2 }
        END { print found }')
    if [ -n "$override_value" ]; then
        override_value=${override_value#=}
        override_keeps "$override_value" && override_where=WINEDLLOVERRIDES
        return
    fi
    override_of_program || override_registry 'HKCU\Software\Wine\DllOverrides'
}

override_of_program()
{
    [ -n "$program" ] &&
        override_registry "HKCU\\Software\\Wine\\AppDefaults\\${program##*/}\\DllOverrides"
}

# override_registry KEY
override_registry()
{
    wine_quiet reg.exe query "$1" | tr -d '\r' |
        sed -n 's/^ *\**scardssp\(\.dll\)\{0,1\}  *REG_SZ *//Ip' > "$work/override"
    [ -s "$work/override" ] || return 1
    override_value=$(cat "$work/override")
    override_keeps "$override_value" || return 1
    override_where=$1
}

# override_keeps VALUE: whether the DLL does not come in as Wine's own. Marked as that it is refused
# where a foreign one is wanted.
override_keeps()
{
    case $1 in
    b*) return 1 ;;
    n*,*b*) ! pe_is_builtin "$dll_file" ;;
    esac
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
    result "$part" ok "its $(awk 'END { print NR }' "$work/classes") classes are registered"
}

# ---- from the DLL to pcscd ----

# The DLL also goes over winscard.dll, if that was set, or if there is no unix half and it works.
half_found()
{
    half_verdict=broken
    [ "$(fact transport)" = unix ] || half_verdict=doubtful
    half_abi=$(fact unix.abi)
    if zero unix.result; then
        result "$part" ok "its unix half is $(fact unix.file)"
    elif [ -n "$half_abi" ] && [ "$half_abi" != "$(fact abi)" ]; then
        "$half_verdict" "$part" abi "OURS=$(fact abi)" "THEIRS=$half_abi"
    else
        half_missing
    fi || return
    [ "$half_verdict" = broken ] || result "$part" ok "it goes over Wine's winscard.dll instead"
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
    override_find
    if [ -n "$override_where" ]; then
        "$half_verdict" "$part" so-native "FILE=$dll_file"
    elif [ ! -f "$half_file" ]; then
        "$half_verdict" "$part" so-missing "FILE=$half_file"
    else
        "$half_verdict" "$part" so-unusable "FILE=$half_file"
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
    if grep -qxF "# prefix: $prefix" "$(session_file)" 2> /dev/null; then
        "$half_verdict" "$part" path-login "FILE=$(session_file)"
    else
        "$half_verdict" "$part" path-unset
    fi
}

library_found()
{
    [ "$(fact transport)" = unix ] || return 0
    if [ -n "$(fact pcsclite.name)" ]; then
        result "$part" ok "pcsc-lite's library is $(fact pcsclite.file)"
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
    00000000) result "$part" ok "pcscd answers${socket:+ at $socket}" ;;
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

service_refuses()
{
    if [ -n "$socket" ] && [ ! -w "$socket" ]; then
        broken "$part" socket-permission "SOCKET=$socket"
    else
        broken "$part" polkit
    fi
}

# ---- from pcscd to the card ----

objects_made()
{
    object=$(sed -n 's/^object\.\([A-Za-z0-9]*\)=0x\(.*\)/\1 \2/p' "$facts" |
        awk '$2 != "00000000" { print; exit }')
    [ -z "$object" ] || broken "$part" object "CLASS=${object% *}" "CODE=${object#* }"
}

reader_found()
{
    readers=$(sed -n 's/^reader\.[0-9]*=//p' "$facts" | awk '{ printf "%s%s", s, $0; s = ", " }')
    if ! zero readers; then
        case $(code readers) in
        8010002e) broken "$part" no-reader ;;
        *) broken "$part" service "CODE=$(code readers)" ;;
        esac
    elif [ -z "$readers" ]; then
        broken "$part" no-reader
    else
        result "$part" ok "readers: $readers"
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
    case ${card#* } in
    00000000) result "$part" ok "the card in $card_reader answers by COM, ATR \
$(fact "card.${card% *}.atr")" ;;
    8010000c) broken "$part" no-card "READERS=$readers" ;;
    8010000b) broken "$part" card-shared ;;
    80100068) broken "$part" card-reset ;;
    80100066) broken "$part" card-mute "READERS=$card_reader" ;;
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
        program_reason="there is no such file, or it cannot be read"
    elif ! width=$(pe_width "$program"); then
        program_reason="it is no 32-bit or 64-bit program"
    fi
    if [ -n "$program_reason" ]; then
        broken program program-refused "FILE=$program_name" "REASON=$program_reason"
        return
    fi
    doctor_widths=$width
    case " $widths " in
    *" $width "*) ;;
    *) broken program program-width "FILE=$program_name"; return ;;
    esac
    facts=$work/facts.program
    [ -f "$(probe_file)" ] || broken program probe-missing "FILE=$(probe_file)" || return
    wine_reading "$program" "$(probe_file)" --program - | tr -d '\r' > "$facts"
    if [ -n "$(fact program.error)" ]; then
        broken program program-refused "FILE=$program_name" "REASON=$(fact program.error)"
    elif [ -n "$(fact program.bits)" ]; then
        program_needs
    else
        broken program width
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
        result program ok "$program_name needs scardssp${program_classes:+: ${program_classes% }}"
    elif ! grep -qE '^program\.(import|delayimport|mention)=' "$facts"; then
        doubtful program program-nothing "FILE=$program_name"
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
    program_code=$(code winscard.establish)
    case $program_code in
    00000000) result program ok "$program_name calls winscard.dll, and this Wine's works" ;;
    8010001d | 8010006a) result program ok "$program_name calls winscard.dll; pcscd is missing" ;;
    80100004) "$program_verdict" program program-wow "FILE=$program_name" "CODE=$program_code" ;;
    *) "$program_verdict" program program-winscard "FILE=$program_name" "CODE=$program_code" ;;
    esac
}

program_scarddlg()
{
    if needs import scarddlg || needs delayimport scarddlg || needs mention scarddlg; then
        [ "$(fact scarddlg.builtin)" = no ] ||
            doubtful program program-scarddlg "FILE=$program_name"
    fi
}

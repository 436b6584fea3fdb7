# What keeps Wine from loading the DLL as its own: overrides of the user's.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses wine.sh.
#
# Wine looks for the name, for *name, for *, in an order that depends on the width; each in
# WINEDLLOVERRIDES, then among the program's own, then among those for all programs, of which the
# first decides.

overrides_key='HKCU\Software\Wine'
override_name='' override_value='' override_where=''

# override_find DLL PROGRAM: true when one keeps DLL, our file, from PROGRAM ("" for any); then
# $override_name=$override_value is in $override_where.
override_find()
{
    override_read "$2"
    override_where=
    for override_name in scardssp '*scardssp' '*'; do
        override_named || continue
        ! override_keeps "$override_value" "$1" || return 0
    done
    return 1
}

# override_of NAME PROGRAM ORDER: the same for the DLL NAME, of those that say ORDER: native (as the
# first) or builtin
override_of()
{
    override_read "$2"
    override_where=
    for override_name in "$1" "*$1" '*'; do
        override_named || continue
        case $3,$(printf '%s' "$override_value" | tr '[:upper:]' '[:lower:]') in
        native,n* | builtin,b*) return 0 ;;
        esac
    done
    return 1
}

# All that PROGRAM has, into $work/overrides.
override_read()
{
    {
        override_table
        [ -z "$1" ] || once "override.$1" override_query "AppDefaults\\$1\\DllOverrides"
        once override.all override_query DllOverrides
    } > "$work/overrides"
}

# Whether there is one of $override_name among them.
override_named()
{
    override_line=$(NAME=$override_name awk -F '\t' \
        '$2 == ENVIRON["NAME"] { print; exit }' "$work/overrides")
    [ -n "$override_line" ] || return
    override_value=${override_line##*	}
    override_where=${override_line%%	*}
}

# The lines WHERE, NAME, VALUE of WINEDLLOVERRIDES, with tabs between; of the same name the last one
# counts. NAME has no .dll and small letters only.
override_table()
{
    printf '%s\n' "${WINEDLLOVERRIDES:-}" | tr ';' '\n' | awk '
        { at = index($0, "="); if (!at) next
          n = split(tolower(substr($0, 1, at - 1)), names, ",")
          for (i = 1; i <= n; i++) {
              sub(/\.dll$/, "", names[i])
              value[names[i]] = "\t" substr($0, at + 1) } }
        END { for (name in value) print "WINEDLLOVERRIDES\t" name value[name] }'
}

# override_query KEY [/s]: the same lines of the registry's key, below Wine's.
override_query()
{
    wine_quiet reg.exe query "$overrides_key\\$1" ${2:-} | tr -d '\r' | awk '
        /^HKEY_CURRENT_USER\\/ { key = "HKCU" substr($0, 18); next }
        match($0, / +REG_SZ */) {
            name = tolower(substr($0, 5, RSTART - 5))
            sub(/\.dll$/, "", name)
            print key "\t" name "\t" substr($0, RSTART + RLENGTH) }'
    return 0
}

# override_of_program NAME ORDER: whether any program has one of the DLL NAME, see override_of
override_of_program()
{
    once override.programs override_query AppDefaults /s |
        NAME=$1 ORDER=$2 awk -F '\t' '
            $2 == ENVIRON["NAME"] && tolower(substr($3, 1, 1)) == substr(ENVIRON["ORDER"], 1, 1) {
                found = 1 }
            END { exit !found }'
}

# The keys of single programs whose overrides keep DLL from them.
overrides_of_programs()
{
    once override.programs override_query AppDefaults /s > "$work/programs"
    while IFS='	' read -r override_where override_name override_value; do
        case $override_name in
        scardssp | '*scardssp') ;;
        *) continue ;;
        esac
        ! override_keeps "$override_value" "$1" || printf '%s\n' "$override_where"
    done < "$work/programs"
}

# override_keeps VALUE DLL: whether DLL does not come in as Wine's own. Marked as that it is refused
# where a foreign one is wanted. What is no order at all Wine ignores.
override_keeps()
{
    case $(printf '%s' "$1" | tr '[:upper:]' '[:lower:]') in
    b*) return 1 ;;
    n*[,\ ]*b*) [ -f "$2" ] && ! pe_is_builtin "$2" ;;
    n* | '' | d*) ;;
    *) return 1 ;;
    esac
}

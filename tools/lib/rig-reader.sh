# The rig's readers: vpcd's two virtual ones, or two of tests/cards/libifdscardssp.so.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source with $top and $builddir set. What may change while the rig runs is kept in files.

run=/run/scardssp-rig

reader_kind()
{
    cat "$run/reader.kind" 2> /dev/null || echo "${reader:-vpcd}"
}

# Sets SCARDSSP_TEST_READER and SCARDSSP_TEST_READER2, the names under which pcscd shows them.
name_readers()
{
    case $(reader_kind) in
    ifd) SCARDSSP_TEST_READER="Scardssp Pad 00 00" SCARDSSP_TEST_READER2="Scardssp Empty 01 00" ;;
    *) SCARDSSP_TEST_READER="Virtual PCD 00 00" SCARDSSP_TEST_READER2="Virtual PCD 00 01" ;;
    esac
    export SCARDSSP_TEST_READER SCARDSSP_TEST_READER2
}

# link_options 1|2: how simcard finds that reader. vpcd's second one listens one port further.
link_options()
{
    case $(reader_kind) in
    ifd) echo "--ifd $run/ifd$1" ;;
    *) echo "--port $((35962 + $1))" ;;
    esac
}

# pcscd's options.
reader_options()
{
    local number name=Pad
    [ "$(reader_kind)" = ifd ] || return 0
    mkdir -p "$run/readers"
    rm -f "$run/readers/pads"
    for number in 1 2; do
        sed -e "s|@NAME@|Scardssp $name|; s|@SOCKET@|$run/ifd$number|" \
            -e "s|@LIBRARY@|$builddir/tests/cards/libifdscardssp.so|" \
            -e "s|^CHANNELID .*|CHANNELID $number|" \
            "$top/tests/cards/reader.conf.in" >> "$run/readers/pads"
        name=Empty
    done
    echo "-c $run/readers"
}

# The rig's readers: vpcd's two virtual ones, or two of tests/cards/libifdscardssp.so (kind ifd);
# kind odd is the same under a name that is no UTF-8 and has a serial number.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source with $top and $builddir set. What may change while the rig runs is kept in files.

run=/run/scardssp-rig

odd_name=$(printf 'L\351cteur \300\200 \342\202\254 (A1B2C3D4)')

reader_kind()
{
    cat "$run/reader.kind" 2> /dev/null || echo "${reader:-vpcd}"
}

# Sets SCARDSSP_TEST_READER and SCARDSSP_TEST_READER2, the names under which pcscd shows them.
name_readers()
{
    case $(reader_kind) in
    ifd) SCARDSSP_TEST_READER="Scardssp Pad 00 00" SCARDSSP_TEST_READER2="Scardssp Empty 01 00" ;;
    odd) SCARDSSP_TEST_READER="$odd_name 00 00" SCARDSSP_TEST_READER2="Scardssp Empty 01 00" ;;
    *) SCARDSSP_TEST_READER="Virtual PCD 00 00" SCARDSSP_TEST_READER2="Virtual PCD 00 01" ;;
    esac
    export SCARDSSP_TEST_READER SCARDSSP_TEST_READER2
}

# link_options 1|2: how simcard finds that reader. vpcd's second one listens one port further.
link_options()
{
    case $(reader_kind) in
    ifd | odd) echo "--ifd $run/ifd$1" ;;
    *) echo "--port $((35962 + $1))" ;;
    esac
}

# pcscd's options.
reader_options()
{
    local number name="Scardssp Pad"
    case $(reader_kind) in
    ifd) ;;
    odd) name=$odd_name ;;
    *) return 0 ;;
    esac
    mkdir -p "$run/readers"
    rm -f "$run/readers/pads"
    for number in 1 2; do
        LC_ALL=C sed -e "s|@NAME@|$name|; s|@SOCKET@|$run/ifd$number|" \
            -e "s|@LIBRARY@|$builddir/tests/cards/libifdscardssp.so|" \
            -e "s|^CHANNELID .*|CHANNELID $number|" \
            "$top/tests/cards/reader.conf.in" >> "$run/readers/pads"
        name="Scardssp Empty"
    done
    echo "-c $run/readers"
}

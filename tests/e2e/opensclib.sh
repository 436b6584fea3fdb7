# OpenSC as a judge: what opensc-tool says, as lines that scripts can compare.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source after lib.sh.

# exchange APDU...: sends them in one connection, without what OpenSC's card drivers would send of
# their own; prints lines "APDU ANSWER", both in hexadecimal, the answer with its status word.
exchange()
{
    local apdu options=
    for apdu; do options="$options -s $apdu"; done
    opensc-tool --reader "$SCARDSSP_TEST_READER" --card-driver default $options | awk '
        function done() { if (sent != "") print sent, data sw }
        /^Sending: / { done(); sent = $0; sub(/^Sending: /, "", sent); gsub(/ /, "", sent)
                       data = ""; sw = "" }
        /^Received / { sw = $0; gsub(/^.*SW1=0x|, SW2=0x|\).*$/, "", sw) }
        # Three characters a byte, then one a byte.
        /^[0-9A-F][0-9A-F] / { line = substr($0, 1, length($0) / 4 * 3)
                                 gsub(/ /, "", line); data = data line }
        END { done() }'
}

# answer_of APDU...: the last one's answer
answer_of()
{
    exchange "$@" | tail -n 1 | cut -d ' ' -f 2
}

/*
 * The text about the control commands, for both programs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "control.h"

const char control_help[] =
    "  status             card in or out, profile, protocol, reader plugged or not\n"
    "  eject              take the card out\n"
    "  insert [PROFILE]   put the card in, or another new one (file, or name beside the last)\n"
    "  exchange PROFILE   another card, so fast that the reader does not notice\n"
    "  reset              the card loses its state: MF selected, nothing verified\n"
    "  delay MS [COUNT]   answer MS milliseconds late, COUNT times (default: always; 0 0 ends it)\n"
    "  script [HEX]       the next command is not executed; its answer is HEX (nothing: an empty\n"
    "                     answer, which vpcd cannot carry)\n"
    "  script-sw HEX      the next command is executed; its status word is replaced by HEX\n"
    "  drop               the next command gets no answer, and the card is out\n"
    "  drop-after N       the same after N more answers\n"
    "  clear              forget delay, script and drop\n"
    "  log                counts: total, and by instruction\n"
    "  log-clear          counts begin anew\n"
    "  dump [N]           the last N (256) commands and answers as HEX:HEX\n"
    "  pad CODE [NEW]     what the user types when the reader's key pad asks (own IFD handler)\n"
    "  pad-cancel, pad-timeout, pad-mismatch\n"
    "                     the user presses cancel, types nothing, or two different new codes\n"
    "  unplug, plug       the reader goes away and comes back (own IFD handler)\n"
    "  mute yes|no        the card answers no power-up and no reset (own IFD handler; no)\n"
    "  features yes|no    the reader has a key pad and says so (own IFD handler; yes)\n"
    "  quit               the card program ends\n";

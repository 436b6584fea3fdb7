# The command status of scardssp-setup.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh.

status_main()
{
    stop status "not yet"
}

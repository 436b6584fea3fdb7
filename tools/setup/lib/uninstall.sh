# The command uninstall of scardssp-setup.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh.

uninstall_main()
{
    stop uninstall "not yet"
}

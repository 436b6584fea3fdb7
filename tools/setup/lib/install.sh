# The command install of scardssp-setup.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh.

install_main()
{
    stop install "not yet"
}

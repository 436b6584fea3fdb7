# The command doctor of scardssp-setup.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh.

doctor_main()
{
    stop doctor "not yet"
}

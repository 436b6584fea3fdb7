# Where Wine finds the DLLs and their unix halves: for all users, or for one.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh.

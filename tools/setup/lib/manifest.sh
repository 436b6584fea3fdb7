# What an installation changed, kept in the prefix, so that it can be undone.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh.

# DLLs of other versions than the build's, for the tests of scardssp-setup.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced with $build.

# The version of the build, as a pattern for grep.
built=$("$build/scardssp-pe" version "$build/x86_64-windows/scardssp.dll")
built=${built//./\\.}

# units TEXT: for sed, as a version resource has them
units()
{
    printf '%s' "$1" | iconv -t UTF-16LE | od -An -tx1 -v | tr -d ' \n' | sed 's/../\\x&/g'
}

# of_version VERSION FILE: FILE says that it is VERSION, which is as long as what it said before;
# false when it does not.
of_version()
{
    LC_ALL=C sed -i "s/$(units "$("$build/scardssp-pe" version "$2")")/$(units "$1")/g" "$2"
    [ "$("$build/scardssp-pe" version "$2")" = "$1" ]
}

# without_function FILE: a scardssp.dll that lacks a function to which forwarders lead
without_function()
{
    LC_ALL=C sed -i 's/ScardsspEstablishContext/ScardsspEstablishContexT/' "$1"
}

# Decides which winscard.dll and scarddlg.dll the programs of tests/winscard and tests/scarddlg get.
# Ours lie beside them; Wine takes its own unless an override says otherwise, and
# SCARDSSP_TEST_WINSCARD=wine sets none.
# SPDX-License-Identifier: LGPL-2.1-or-later

winscard_settings="SCARDSSP_TEST_WINSCARD=wine"
[ "${SCARDSSP_TEST_WINSCARD:-ours}" = wine ] || winscard_settings="SCARDSSP_TEST_WINSCARD=ours \
    WINEDLLOVERRIDES=${WINEDLLOVERRIDES:-mscoree,mshtml=};winscard,scarddlg=n,b"

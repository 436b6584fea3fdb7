# Places winscard.dll of this project for test programs that import it (or what SCARDSSP_TEST_WINSCARD
# names).
# unless an override says otherwise. SCARDSSP_TEST_WINSCARD=wine leaves it at that.
# SPDX-License-Identifier: LGPL-2.1-or-later

winscard_settings="SCARDSSP_TEST_WINSCARD=wine"
[ "${SCARDSSP_TEST_WINSCARD:-ours}" = wine ] || winscard_settings="SCARDSSP_TEST_WINSCARD=ours \
    WINEDLLOVERRIDES=${WINEDLLOVERRIDES:-mscoree,mshtml=};winscard=n,b"

/*
 * What pcsc-lite's own programs find in its headers, and Windows' have not.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_CLIENTS_PCSCLITE_READER_H
#define TESTS_CLIENTS_PCSCLITE_READER_H

#include <windows.h>
#include <winscard.h>

#define MAX_ATR_SIZE             33
#define MAX_READERNAME           128
#define MAX_BUFFER_SIZE          264
#define MAX_BUFFER_SIZE_EXTENDED (4 + 3 + (1 << 16) + 3 + 2)

#define CM_IOCTL_GET_FEATURE_REQUEST SCARD_CTL_CODE(3400)

#undef SCARD_ATTR_DEVICE_FRIENDLY_NAME
#define SCARD_ATTR_DEVICE_FRIENDLY_NAME SCARD_ATTR_DEVICE_FRIENDLY_NAME_A

#endif

/*
 * Slots by our own header.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <ole2.h>

#include "scardssp.h"

#include "mingw_slots.h"

#define SLOT(i, method) {#i "::" #method, offsetof(i##Vtbl, method)},
const struct slot slots_ours[] = {SLOTS{NULL, 0}};
